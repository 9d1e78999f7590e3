/** The duty desk as an officer uses it: real service, real MQTT, real Chromium. */
import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { alarmRow, signIn } from './visit.ts'
import { expectNoFaults, withDesk } from './with-desk.ts'

const IMAGES = fileURLToPath(new URL('../../docs/images', import.meta.url))

const used = withDesk({ signedIn: false })

test('a wrong password is refused in words, the right one opens the desk', async () => {
  await used.page.goto(used.desk.api)
  await expect.poll(() => used.page.getByText('First run').isVisible()).toBe(true)
  await signIn(used.page, { password: 'not the password' })
  await used.page.getByRole('alert').getByText('check both').waitFor()
  await signIn(used.page)
  await used.page.getByRole('article', { name: 'Baoyuan coal mine' }).waitFor()
  await used.page.getByRole('article', { name: 'Longteng chemicals' }).waitFor()
  await used.page.getByRole('status', { name: 'Connection: Live' }).waitFor()
})

test('people underground are counted live, in the site’s zone', async () => {
  const card = used.page.getByRole('article', { name: 'Baoyuan coal mine' })
  await expect.poll(() => card.getByRole('definition').first().textContent()).toBe('41')
  const shown = await used.page.getByRole('timer', { name: 'Site time' }).textContent()
  expect(shown).toContain('Asia/Shanghai')
  const hour = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'Asia/Shanghai',
    hour: '2-digit',
    hourCycle: 'h23',
  }).format()
  expect(shown?.startsWith(hour)).toBe(true)
})

test('an alarm appears through the stream without a reload, and is acknowledged', async () => {
  await used.page.evaluate(() => Object.assign(globalThis, { unreloaded: true }))
  used.world.say('baoyuan/head-202/ch4-t2', 1.12)
  const row = alarmRow(used.page, 'head-202/ch4-t2:cut')
  await row.waitFor({ timeout: 4_000 })
  expect(await row.getAttribute('data-state')).toBe('unacked')
  expect(await row.textContent()).toContain('Critical')
  await expect.poll(() => used.page.title()).toMatch(/^\(\d+\)/)

  await row.getByRole('button', { name: /^Acknowledge: / }).click()
  await expect.poll(() => row.getAttribute('data-state')).toBe('acked')
  await expect.poll(() => row.getByText('admin').isVisible()).toBe(true)

  used.world.say('baoyuan/head-202/ch4-t2', 0.3)
  await expect.poll(() => row.count()).toBe(0)
  expect(await used.page.evaluate(() => 'unreloaded' in globalThis)).toBe(true)
})

test('several alarms are acknowledged with one click, and by keys', async () => {
  for (const point of ['face-101/ch4-t1', 'head-202/ch4-t1', 'maint-7/ch4']) used.world.say(`baoyuan/${point}`, 1.2)
  await used.page.getByRole('link', { name: 'Alarms', exact: false }).first().click()
  // Alarms of their own follow from these and from the gateway that is not there: looked at are the limits.
  await used.go('alarms?rule=limit')
  const waiting = used.page.locator('tr[data-state="unacked"]')
  await expect.poll(() => waiting.count()).toBe(3)

  await used.page.keyboard.press('/')
  await used.page.keyboard.type('maint-7')
  await expect.poll(() => waiting.count()).toBe(1)
  await used.page.keyboard.press('Escape')
  await used.page.keyboard.press('ArrowDown')
  await used.page.keyboard.press('a')
  await expect.poll(() => waiting.count()).toBe(0)
  await used.page.getByRole('textbox', { name: /^Filter by text/ }).fill('')
  await expect.poll(() => waiting.count()).toBe(2)

  await used.page.getByRole('button', { name: 'Acknowledge all 2' }).click()
  await used.page.getByText('An acknowledgement cannot be taken back.').waitFor()
  await used.page.getByRole('button', { name: 'Cancel' }).click()
  expect(await waiting.count()).toBe(2)

  await used.page.getByRole('checkbox', { name: 'Select all unacknowledged' }).check()
  await used.page.getByRole('button', { name: 'Acknowledge 2 selected' }).click()
  await expect.poll(() => waiting.count()).toBe(0)
  await expect.poll(() => used.page.locator('tr[data-state="acked"]').count()).toBe(3)
  await used.page.getByRole('button', { name: 'Clear filters' }).click()
  await expect.poll(() => used.page.url()).not.toContain('rule=')
})

test('the drawer shows timeline and evidence, takes a reason for shelving, and closes', async () => {
  await used.page.getByRole('button', { name: /^Details: .*maint-7/ }).click()
  const drawer = used.page.getByRole('dialog')
  await drawer.getByText('Raised', { exact: true }).waitFor()
  await drawer.getByText('Acknowledged').last().waitFor()
  const evidence = drawer.getByRole('table', { name: 'Evidence' })
  expect(await evidence.getByRole('row').nth(1).textContent()).toContain('1.20%')

  await drawer.getByRole('button', { name: 'Comment' }).click()
  await drawer.getByRole('textbox', { name: 'Comment' }).fill('called the shift foreman')
  await drawer.getByRole('button', { name: 'Add comment' }).click()
  await used.page.getByRole('alert').getByText('The comment is in the journal').waitFor()

  await drawer.getByRole('button', { name: 'Shelve…' }).click()
  await drawer.getByRole('button', { name: 'Shelve', exact: true }).click()
  await drawer.getByText('Say why').waitFor()
  await drawer.getByLabel('Reason').fill('sensor is being moved')
  await drawer.getByRole('button', { name: 'Shelve', exact: true }).click()
  await drawer.getByText('“sensor is being moved”').first().waitFor()
  await drawer.getByRole('button', { name: 'Close' }).click()
  await expect.poll(() => drawer.count()).toBe(0)
})

test('a site shows crews against limits, and a sensor that says nothing is never shown as a number', async () => {
  await used.page.getByRole('link', { name: 'Baoyuan coal mine' }).first().click()
  const areas = used.page.getByRole('table', { name: 'Areas' })
  await expect
    .poll(() => areas.getByRole('row').filter({ hasText: 'Heading 202' }).textContent())
    .toContain('11 people / 18')
  await used.page.getByRole('figure', { name: /^Trend of / }).waitFor()

  await used.page.getByRole('textbox', { name: 'Filter points' }).fill('face-101/co')
  const point = used.page.getByRole('table', { name: 'Points' }).getByRole('row').nth(1)
  await expect.poll(() => point.textContent()).toMatch(/\d\.\d\sppm/)
  used.world.say('baoyuan/face-101/co', null)
  await used.world.send('davy/v1/baoyuan/face-101/co', JSON.stringify({ value: 3.3, status: 'calibrating' }))
  await expect.poll(() => point.getAttribute('data-state')).toBe('calibrating')
  expect(await point.locator('s').count()).toBe(1)
  expect(await point.textContent()).toContain('Calibrating')
})

test('people are shown on request', async () => {
  await used.page.getByRole('button', { name: 'Show people' }).click()
  const people = used.page.getByRole('table', { name: 'People' })
  await expect.poll(() => people.getByRole('row').count()).toBe(42)
})

test('links that are down and dead letters are shown with reason and remedy', async () => {
  await used.world.send('davy/v1/baoyuan/nowhere/ch4', '{"value":0.4}')
  await used.page.getByRole('link', { name: 'Sources' }).click()
  await used.page.getByRole('row').filter({ hasText: 'baoyuan-meters' }).getByText('Down').waitFor()
  const letter = used.page.getByRole('listitem').filter({ hasText: 'nowhere/ch4' })
  await letter.getByText('declare it under').waitFor()
  await letter.getByRole('button', { name: /^Replay dead letter / }).click()
  await used.page.getByRole('alert').getByText('Still refused').waitFor()
})

test('everything changes language at once, and the choice is kept', async () => {
  await used.page.getByRole('link', { name: 'Overview' }).click()
  await used.page.getByRole('button', { name: '中文' }).click()
  await used.page.getByRole('article', { name: '宝源煤矿' }).waitFor()
  await alarmRow(used.page, 'face-101/ch4-t1').first().getByText('采煤工作面', { exact: false }).first().waitFor()
  expect(await used.page.locator('html').getAttribute('lang')).toBe('zh-CN')
  await used.page.reload()
  await used.page.getByRole('link', { name: '总览' }).waitFor()
  await used.page.getByRole('button', { name: 'English' }).click()
  await used.page.getByRole('link', { name: 'Overview' }).waitFor()

  const chinese = await used.visit('zh-CN')
  await chinese.goto(used.desk.api)
  await chinese.getByRole('button', { name: '登录' }).waitFor()
  await chinese.context().close()
})

test('theme and sound are the desk’s to choose, and are kept', async () => {
  const theme = () => used.page.locator('html').getAttribute('data-theme')
  await used.page.getByRole('button', { name: 'Switch to light theme' }).click()
  await expect.poll(theme).toBe('light')
  await used.page.getByRole('button', { name: 'Alarm sound is on' }).click()
  await used.page.reload()
  await used.page.getByRole('button', { name: 'Alarm sound is off' }).click()
  await used.page.getByRole('button', { name: 'Alarm sound is on' }).waitFor()
  await used.page.getByRole('button', { name: 'Switch to dark theme' }).click()
  await expect.poll(theme).toBe('dark')
})

test('a viewer sees, and is offered nothing the service would refuse', async () => {
  const password = await used.addUser('guest', 'viewer')
  const guest = await used.visit()
  await guest.goto(`${used.desk.api}/#/alarms`)
  await signIn(guest, { user: 'guest', password })
  await alarmRow(guest, 'face-101/ch4-t1').first().waitFor()
  expect(await guest.getByRole('checkbox').count()).toBe(0)
  await guest.getByRole('link', { name: 'Sources' }).click()
  await guest.getByRole('table', { name: 'Sources' }).waitFor()
  expect(await guest.getByRole('region', { name: 'Dead letters' }).count()).toBe(0)
  await guest.context().close()
})

test('the running system, as the pictures in the documentation', async () => {
  await mkdir(IMAGES, { recursive: true })
  used.world.say('baoyuan/head-202/ch4-t2', 1.12)
  await alarmRow(used.page, 'head-202/ch4-t2:cut').waitFor()
  await used.page.screenshot({ path: `${IMAGES}/desk.png` })
  await used.page.getByRole('button', { name: '中文' }).click()
  await used.go('sites/baoyuan')
  await used.page.getByRole('figure').waitFor()
  await used.page.screenshot({ path: `${IMAGES}/desk-site-zh.png` })
  await used.page.getByRole('button', { name: 'English' }).click()
  await used.go('')
})

test('alarms that cannot be loaded never look like no alarms', async () => {
  const other = await used.visit()
  await other.route('**/api/v1/alarms?*', (route) => route.fulfill({ status: 500, body: '' }))
  await other.goto(`${used.desk.api}/#/rules`)
  await signIn(other)
  await other.getByRole('link', { name: 'Alarms ?' }).waitFor()
  await other.context().close()
})

test('a dead service cannot be overlooked, and the desk recovers by itself without missing an alarm', async () => {
  const banner = used.page.getByRole('alert', { name: 'Connection to the service lost' })
  await used.desk.kill()
  await banner.waitFor()
  expect(await used.page.getByRole('main').getAttribute('data-live')).toBe('false')
  expect(await used.page.getByRole('status', { name: /^Connection: Reconnecting since \d\d:\d\d:\d\d/ }).count()).toBe(
    1,
  )

  used.world.say('baoyuan/main-return/ch4', 0.9)
  await used.desk.restart()
  await expect.poll(() => banner.count(), { timeout: 20_000 }).toBe(0)
  await alarmRow(used.page, 'main-return/ch4:warning').waitFor()
  await used.page.getByRole('status', { name: 'Connection: Live' }).waitFor()
})

test('an ended session leads back to signing in, and says so', async () => {
  await used.page.context().clearCookies()
  await used.page.getByRole('link', { name: 'Sources' }).click()
  await used.page.getByText('Your session has ended').waitFor()
  await signIn(used.page)
  await used.page.getByRole('table', { name: 'Sources' }).waitFor()
  await used.page.getByRole('button', { name: 'Sign out (admin)' }).click()
  await used.page.getByRole('button', { name: 'Sign in' }).waitFor()
})

expectNoFaults(used)
