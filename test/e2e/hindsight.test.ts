/** What an officer does after an alarm: sort it, prove it, and try what another limit would have said. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { alarmRow, signIn } from './visit.ts'
import { expectNoFaults, withDesk } from './with-desk.ts'

const DAVY = fileURLToPath(new URL('../../bin/davy', import.meta.url))
/** A journal is judged from its beginning, on a thread of its own. */
const PATIENCE = 45_000

const used = withDesk({ at: 'alarms?text=ch4' })

const stateOf = (text: string) => alarmRow(used.page, text).first().getAttribute('data-state')

test('what holds stands above what has returned, however severe that was', async () => {
  used.world.say('baoyuan/head-202/ch4-t2', 1.12)
  await alarmRow(used.page, 'head-202/ch4-t2:cut').waitFor()
  used.world.say('baoyuan/head-202/ch4-t2', 0.3)
  await expect.poll(() => stateOf('head-202/ch4-t2:cut')).toBe('rtn-unacked')
  used.world.say('baoyuan/main-return/ch4', 0.9)
  await alarmRow(used.page, 'main-return/ch4:warning').waitFor()
  const order = () =>
    used.page
      .locator('tr.alarm')
      .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-alarm')?.split(':').at(-1)))
  await expect.poll(order).toEqual(['warning', 'cut'])
})

test('counts by colour filter, groups gather by area, and the address keeps both', async () => {
  const counts = used.page.getByRole('group', { name: 'Standing alarms by severity' })
  await counts.getByRole('button', { name: /^Major: [1-9]/ }).waitFor()
  await counts.getByRole('button', { name: /^Cleared, unacknowledged: [1-9]/ }).click()
  await expect.poll(() => used.page.locator('tr.alarm').count()).toBe(1)
  await expect.poll(() => used.page.url()).toContain('state=rtn-unacked')
  await counts.getByRole('button', { name: /^Cleared, unacknowledged/ }).click()

  await used.page.getByText('By area', { exact: true }).click()
  const groups = used.page.locator('tr.group')
  await expect.poll(() => groups.count()).toBe(2)
  await used.page.reload()
  await expect.poll(() => groups.count()).toBe(2)
  await expect.poll(() => groups.last().textContent()).toContain('Baoyuan coal mine · Heading 202')
  await used.page.getByText('Ungrouped', { exact: true }).click()
  await expect.poll(() => groups.count()).toBe(0)
})

test('an alarm is proved byte for byte, and its bundle holds elsewhere', async () => {
  await used.page.getByRole('button', { name: /^Details: .*head-202\/ch4-t2/ }).click()
  const drawer = used.page.getByRole('dialog')
  const proof = drawer.getByRole('region', { name: 'Sealed evidence' })
  await proof.getByRole('button', { name: 'Prove this alarm' }).click()
  await proof.getByText('Reproduced byte for byte: yes').waitFor({ timeout: PATIENCE })
  const readings = proof.getByRole('table', { name: 'Readings the decision rests on' })
  expect(await readings.textContent()).toContain('1.12%')
  await proof.getByText('Sealed by record', { exact: false }).waitFor()
  await proof.getByText('The rule as it was in force', { exact: false }).click()
  await proof.getByText('rule: limit').first().waitFor()

  const [download] = await Promise.all([
    used.page.waitForEvent('download'),
    proof.getByRole('button', { name: 'Download the bundle' }).click(),
  ])
  expect(download.suggestedFilename()).toMatch(/^evidence-baoyuan_.*\.json$/)
  const { stdout } = await promisify(execFile)(DAVY, ['explain', '--bundle', await download.path()])
  expect(stdout).toContain('Reproduced  yes, byte for byte')
})

test('another limit is tried on the past, from the alarm, and told in words', async () => {
  await used.page.getByRole('dialog').getByRole('link', { name: 'What would another limit have said?' }).click()
  const form = used.page.getByRole('form', { name: 'Try this on the past' })
  const limit = form.getByRole('textbox', { name: /Alarm at or above$/ })
  const result = used.page.getByRole('region', { name: 'Result' })
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
  const form = used.page.getByRole('form', { name: 'Try this on the past' })
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  // The answer is held back until the button was pressed: how long a trial takes is not the test's to know.
  await used.page.route('**/api/v1/backtest', async (route) => {
    await held
    await route.continue()
  })
  await form.getByRole('textbox', { name: /Alarm at or above$/ }).fill('2')
  await form.getByRole('button', { name: 'Try it' }).click()
  const ended = used.page.waitForRequest((request) => request.method() === 'DELETE' && /backtest\//.test(request.url()))
  await form.getByRole('button', { name: 'Cancel' }).click()
  await used.page.getByText('Cancelled; nothing was changed.').waitFor()
  release()
  await ended
  await used.page.unroute('**/api/v1/backtest')
})

test('rules are listed with their numbers; a viewer is offered no trial and no proof', async () => {
  await used.page.getByRole('link', { name: 'Rules', exact: true }).click()
  const filter = used.page.getByRole('textbox', { name: 'Filter rules' })
  await filter.fill('crew/coal-face')
  const rows = used.page.getByRole('table', { name: 'Rules' }).getByRole('row')
  await expect.poll(() => rows.count()).toBe(2)
  expect(await rows.nth(1).textContent()).toContain('Limit (persons) 25')
  expect(await rows.nth(1).getByRole('link').getAttribute('href')).toBe('#/rules/crew%2Fcoal-face')

  const password = await used.addUser('guest', 'viewer')
  const guest = await used.visit()
  await guest.goto(`${used.desk.api}/#/rules`)
  await signIn(guest, { user: 'guest', password })
  await guest.getByRole('table', { name: 'Rules' }).waitFor()
  expect(await guest.getByRole('link', { name: /^Try other numbers/ }).count()).toBe(0)
  await guest.goto(`${used.desk.api}/#/alarms`)
  await guest.getByRole('button', { name: /^Details: .*head-202\/ch4-t2/ }).click()
  const drawer = guest.getByRole('dialog')
  await drawer.getByText('it takes the role operator', { exact: false }).waitFor()
  expect(await drawer.getByRole('button', { name: 'Prove this alarm' }).count()).toBe(0)
  await guest.context().close()
})

expectNoFaults(used)
