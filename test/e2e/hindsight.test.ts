/** What an officer does after an alarm: sort it, prove it, and try what another limit would have said. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Desk, openBrowser, startDesk } from './desk.ts'
import { alarmRow, signIn, visit } from './visit.ts'
import { startWorld, type World } from './world.ts'

const DAVY = fileURLToPath(new URL('../../bin/davy', import.meta.url))
/** A journal is judged from its beginning, on a thread of its own. */
const PATIENCE = 45_000

let desk: Desk
let world: World
let browser: Browser
let page: Page
const faults: string[] = []

beforeAll(async () => {
  desk = await startDesk()
  world = await startWorld(desk.mqtt)
  browser = await openBrowser()
  page = await visit(browser, { locale: 'en-GB', faults })
  await page.goto(`${desk.api}/#/alarms?text=ch4`)
  await signIn(page)
})

afterAll(async () => {
  await browser?.close()
  await world?.stop()
  await desk?.stop()
})

const stateOf = (text: string) => alarmRow(page, text).first().getAttribute('data-state')

test('what holds stands above what has returned, however severe that was', async () => {
  world.say('baoyuan/head-202/ch4-t2', 1.12)
  await alarmRow(page, 'head-202/ch4-t2:cut').waitFor()
  world.say('baoyuan/head-202/ch4-t2', 0.3)
  await expect.poll(() => stateOf('head-202/ch4-t2:cut')).toBe('rtn-unacked')
  world.say('baoyuan/main-return/ch4', 0.9)
  await alarmRow(page, 'main-return/ch4:warning').waitFor()
  const order = () =>
    page.locator('tr.alarm').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-alarm')?.split(':').at(-1)))
  await expect.poll(order).toEqual(['warning', 'cut'])
})

test('counts by colour filter, groups gather by area, and the address keeps both', async () => {
  const counts = page.getByRole('group', { name: 'Standing alarms by severity' })
  await counts.getByRole('button', { name: /^Major: [1-9]/ }).waitFor()
  await counts.getByRole('button', { name: /^Cleared, unacknowledged: [1-9]/ }).click()
  await expect.poll(() => page.locator('tr.alarm').count()).toBe(1)
  await expect.poll(() => page.url()).toContain('state=rtn-unacked')
  await counts.getByRole('button', { name: /^Cleared, unacknowledged/ }).click()

  await page.getByText('By area', { exact: true }).click()
  const groups = page.locator('tr.group')
  await expect.poll(() => groups.count()).toBe(2)
  await page.reload()
  await expect.poll(() => groups.count()).toBe(2)
  await expect.poll(() => groups.last().textContent()).toContain('Baoyuan coal mine · Heading 202')
  await page.getByText('Ungrouped', { exact: true }).click()
  await expect.poll(() => groups.count()).toBe(0)
})

test('an alarm is proved byte for byte, and its bundle holds elsewhere', async () => {
  await page.getByRole('button', { name: /^Details: .*head-202\/ch4-t2/ }).click()
  const drawer = page.getByRole('dialog')
  const proof = drawer.getByRole('region', { name: 'Sealed evidence' })
  await proof.getByRole('button', { name: 'Prove this alarm' }).click()
  await proof.getByText('Reproduced byte for byte: yes').waitFor({ timeout: PATIENCE })
  const readings = proof.getByRole('table', { name: 'Readings the decision rests on' })
  expect(await readings.textContent()).toContain('1.12%')
  await proof.getByText('Sealed by record', { exact: false }).waitFor()
  await proof.getByText('The rule as it was in force', { exact: false }).click()
  await proof.getByText('rule: limit').first().waitFor()

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    proof.getByRole('button', { name: 'Download the bundle' }).click(),
  ])
  expect(download.suggestedFilename()).toMatch(/^evidence-baoyuan_.*\.json$/)
  const { stdout } = await promisify(execFile)(DAVY, ['explain', '--bundle', await download.path()])
  expect(stdout).toContain('Reproduced  yes, byte for byte')
})

test('another limit is tried on the past, from the alarm, and told in words', async () => {
  await page.getByRole('dialog').getByRole('link', { name: 'What would another limit have said?' }).click()
  const form = page.getByRole('form', { name: 'Try this on the past' })
  const limit = form.getByRole('textbox', { name: /Alarm at or above$/ })
  const result = page.getByRole('region', { name: 'Result' })
  const run = form.getByRole('button', { name: 'Try it' })
  await run.click()
  await form.getByText('Change a number first').waitFor()

  await limit.fill('much')
  await run.click()
  await form.getByText('expected a number').waitFor()
  expect(await limit.getAttribute('aria-describedby')).toContain('trial-')

  await limit.fill('3')
  await run.click()
  // What followed from the cut, the power that was not cut, goes with it.
  await result.getByText(/[1-9]\d* would not have been raised\./).waitFor({ timeout: PATIENCE })
  const gone = result.getByRole('table', { name: 'No longer raised' })
  expect(await gone.getByRole('row').filter({ hasText: 'head-202/ch4-t2:cut' }).textContent()).toMatch(
    /Critical.*1\.12%/,
  )

  await form.getByRole('button', { name: 'Back to those in force' }).click()
  expect(await limit.inputValue()).toBe('1')
})

test('a trial under way is cancelled, and the service is told', async () => {
  const form = page.getByRole('form', { name: 'Try this on the past' })
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  // The answer is held back until the button was pressed: how long a trial takes is not the test's to know.
  await page.route('**/api/v1/backtest', async (route) => {
    await held
    await route.continue()
  })
  await form.getByRole('textbox', { name: /Alarm at or above$/ }).fill('2')
  await form.getByRole('button', { name: 'Try it' }).click()
  const ended = page.waitForRequest((request) => request.method() === 'DELETE' && /backtest\//.test(request.url()))
  await form.getByRole('button', { name: 'Cancel' }).click()
  await page.getByText('Cancelled; nothing was changed.').waitFor()
  release()
  await ended
  await page.unroute('**/api/v1/backtest')
})

test('rules are listed with their numbers; a viewer is offered no trial and no proof', async () => {
  await page.getByRole('link', { name: 'Rules', exact: true }).click()
  const filter = page.getByRole('textbox', { name: 'Filter rules' })
  await filter.fill('crew/coal-face')
  const rows = page.getByRole('table', { name: 'Rules' }).getByRole('row')
  await expect.poll(() => rows.count()).toBe(2)
  expect(await rows.nth(1).textContent()).toContain('Limit (persons) 25')
  expect(await rows.nth(1).getByRole('link').getAttribute('href')).toBe('#/rules/crew%2Fcoal-face')

  const password = 'only-looking-8'
  const made = await page.request.post(`${desk.api}/api/v1/users`, {
    data: { user: 'guest', password, role: 'viewer' },
    headers: { origin: desk.api },
  })
  expect(made.status()).toBe(201)
  const guest = await visit(browser, { locale: 'en-GB', faults })
  await guest.goto(`${desk.api}/#/rules`)
  await signIn(guest, { user: 'guest', password })
  await guest.getByRole('table', { name: 'Rules' }).waitFor()
  expect(await guest.getByRole('link', { name: /^Try other numbers/ }).count()).toBe(0)
  await guest.goto(`${desk.api}/#/alarms`)
  await guest.getByRole('button', { name: /^Details: .*head-202\/ch4-t2/ }).click()
  const drawer = guest.getByRole('dialog')
  await drawer.getByText('it takes the role operator', { exact: false }).waitFor()
  expect(await drawer.getByRole('button', { name: 'Prove this alarm' }).count()).toBe(0)
  await guest.context().close()
})

test('nothing on the way broke the page or its content security policy', () => {
  expect(faults).toEqual([])
})
