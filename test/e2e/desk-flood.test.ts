/** A flood at the desk: more alarms than a list holds, and nobody acknowledges what was never listed. */
import { expect, test } from 'vitest'
import { expectNoFaults, withDesk } from './with-desk.ts'

const CARDS = 310
const LISTED = 300

const used = withDesk({ at: 'alarms?rule=sos' })

test('acknowledging all takes what is listed, and says how many more there are', async () => {
  const calls = Array.from({ length: CARDS }, (_, n) => ({
    point: 'readers/r-haul-1',
    ts: Date.now(),
    value: { card: `call-${n}`, moving: true, sos: true },
  }))
  await used.world.send('davy/v1/baoyuan', JSON.stringify(calls))
  const { page } = used
  const all = page.getByRole('button', { name: `Acknowledge all ${LISTED}` })
  await page.getByText(`${CARDS} of`).waitFor()
  await page.getByText(`${CARDS - LISTED} more alarms are not listed`).waitFor()

  // One more that comes while the officer is asked is not among those that were answered for.
  await all.click()
  const question = page.getByRole('tooltip')
  await question.getByText(`${CARDS - LISTED} more alarms are not listed`).waitFor()
  const late = { point: 'readers/r-haul-1', ts: Date.now(), value: { card: 'late', moving: true, sos: true } }
  await used.world.send('davy/v1/baoyuan', JSON.stringify([late]))
  await page.getByText(`${CARDS + 1} of`).waitFor()
  const sent: string[] = []
  page.on('request', (request) => {
    if (request.url().endsWith('/ack')) sent.push(decodeURIComponent(request.url()))
  })
  await question.getByRole('button', { name: 'Acknowledge', exact: true }).click({ timeout: 120_000 })
  await expect.poll(() => new Set(sent).size, { timeout: 120_000 }).toBe(LISTED)
  await page.getByText('Acknowledging…').first().waitFor({ state: 'detached', timeout: 120_000 })
  expect(new Set(sent).size).toBe(LISTED)
  expect(sent.some((url) => url.includes('/late/'))).toBe(false)
  await page.getByRole('button', { name: `Acknowledge all ${CARDS + 1 - LISTED}` }).waitFor()
}, 240_000)

expectNoFaults(used)
