/** The hazard ledger, the desk's figures and the duty reports, as an officer and a supervisor use them. */
import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Desk, openBrowser, startDesk } from './desk.ts'
import { alarmRow, choose, signIn, visit } from './visit.ts'
import { startWorld, type World } from './world.ts'

const PASSWORD = 'only-operating-8'

let desk: Desk
let world: World
let browser: Browser
let supervisor: Page
let operator: Page
const faults: string[] = []

beforeAll(async () => {
  desk = await startDesk()
  world = await startWorld(desk.mqtt)
  browser = await openBrowser()
  supervisor = await visit(browser, { locale: 'en-GB', faults })
  await supervisor.goto(desk.api)
  await signIn(supervisor)
  await supervisor.getByRole('link', { name: 'Hazards' }).waitFor()
  const made = await supervisor.request.post(`${desk.api}/api/v1/users`, {
    data: { user: 'officer', password: PASSWORD, role: 'operator' },
    headers: { origin: desk.api },
  })
  expect(made.status()).toBe(201)
  operator = await visit(browser, { locale: 'en-GB', faults })
  await operator.goto(`${desk.api}/#/hazards`)
  await signIn(operator, { user: 'officer', password: PASSWORD })
})

afterAll(async () => {
  await browser?.close()
  await world?.stop()
  await desk?.stop()
})

/** What a press of a button saves. */
async function saved(at: Page, button: string): Promise<{ readonly name: string; readonly bytes: Buffer }> {
  const [file] = await Promise.all([at.waitForEvent('download'), at.getByRole('button', { name: button }).click()])
  return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) }
}

test('a hazard is reported, given, mended and struck off by two people, and its life is on record', async () => {
  await operator.getByRole('button', { name: 'Report a hazard…' }).click()
  const form = operator.getByRole('region', { name: 'Report a hazard' })
  await choose(operator, { of: form.getByRole('combobox', { name: 'Site' }), option: 'Baoyuan coal mine' })
  await choose(operator, { of: form.getByRole('combobox', { name: 'Area' }), option: 'Heading 202' })
  await form.getByLabel('What it is').fill('Air duct torn')
  await form.getByRole('button', { name: 'Report a hazard', exact: true }).click()
  const row = operator.getByRole('row').filter({ hasText: 'Air duct torn' })
  await row.getByRole('link', { name: /^Open hazard/ }).click()

  const sheet = operator.getByRole('region', { name: 'Hazard', exact: true })
  await sheet.getByRole('button', { name: 'Assign…' }).click()
  await sheet.getByLabel('Owner').fill('officer')
  await sheet.getByLabel('Until').fill('2090-05-01T08:00')
  await sheet.getByRole('button', { name: 'Assign', exact: true }).click()
  await sheet.getByText('Being rectified').waitFor()
  await sheet.getByText('2090-05-01 08:00').waitFor()
  await sheet.getByRole('button', { name: 'Rectify…' }).click()
  await sheet.getByLabel('What was mended').fill('duct replaced')
  await sheet.getByRole('button', { name: 'Rectify', exact: true }).click()
  await sheet.getByText('To be verified').waitFor()
  expect(await sheet.getByRole('button', { name: 'Verify' }).count()).toBe(0)
  await sheet.getByText('take the role supervisor').waitFor()

  await supervisor.goto(operator.url())
  const judged = supervisor.getByRole('region', { name: 'Hazard', exact: true })
  await judged.getByRole('button', { name: 'Send back…' }).click()
  await judged.getByLabel('Reason').fill('still leaks')
  await judged.getByRole('button', { name: 'Send back', exact: true }).click()
  await judged.getByText('Being rectified').waitFor()
  await sheet.getByRole('button', { name: 'Rectify…' }).click({ timeout: 30_000 })
  await sheet.getByLabel('What was mended').fill('sealed')
  await sheet.getByRole('button', { name: 'Rectify', exact: true }).click()
  await judged.getByRole('button', { name: 'Verify', exact: true }).click({ timeout: 30_000 })
  await judged.getByRole('button', { name: 'Close', exact: true }).click()
  await judged.getByRole('button', { name: 'Open again…' }).waitFor()
  const life = supervisor.getByRole('region', { name: 'Timeline' }).getByRole('listitem')
  await expect.poll(() => life.count()).toBe(7)
})

test('an overdue hazard is marked, filtered for, and goes into the file', async () => {
  const made = await supervisor.request.post(`${desk.api}/api/v1/hazards`, {
    data: { site: 'longteng-chem', grade: 'major', text: 'Gangway blocked', deadline: Date.now() + 2_000 },
    headers: { origin: desk.api },
  })
  expect(made.status()).toBe(201)
  await supervisor.goto(`${desk.api}/#/hazards`)
  const row = supervisor.getByRole('row').filter({ hasText: 'Gangway blocked' })
  await row.getByText('Overdue', { exact: true }).waitFor({ timeout: 30_000 })
  await supervisor.getByRole('checkbox', { name: 'Overdue only' }).check()
  await expect.poll(() => supervisor.getByRole('row').filter({ hasText: 'Air duct' }).count()).toBe(0)
  const { name, bytes } = await saved(supervisor, 'Export CSV')
  expect(name).toBe('hazards.csv')
  expect(bytes.toString()).toContain('Gangway blocked')
  expect(bytes.toString()).not.toContain('Air duct')
})

test('figures stand against good practice, and say which numbers nobody has read', async () => {
  world.say('baoyuan/head-202/ch4-t2', 1.12)
  await supervisor.goto(`${desk.api}/#/alarms?rule=limit`)
  await alarmRow(supervisor, 'head-202/ch4-t2:cut').waitFor()
  await supervisor.goto(`${desk.api}/#/figures?site=baoyuan`)
  const held = supervisor.getByRole('table', { name: 'Against good practice' })
  await held.getByText('not confirmed', { exact: true }).first().waitFor()
  const often = supervisor.getByRole('list', { name: 'Raised most often' })
  await often.getByText('head-202/ch4-t2:cut').waitFor({ timeout: 45_000 })
})

test('a report is read on the page and kept as a file', async () => {
  await supervisor.goto(`${desk.api}/#/reports?kind=day&site=baoyuan`)
  const people = supervisor.getByRole('table', { name: 'People' })
  await people.getByRole('row').filter({ hasText: 'Coal face 101' }).waitFor()
  await supervisor.getByText('Still running: up to now').waitFor()
  const { name, bytes } = await saved(supervisor, 'Download as XLSX')
  expect(name).toMatch(/^report-baoyuan-\d{4}-\d\d-\d\d\.xlsx$/)
  expect(bytes.subarray(0, 2).toString()).toBe('PK')
  await supervisor.goto(`${desk.api}/#/reports?kind=day&site=baoyuan&date=2090-01-01`)
  await supervisor.getByRole('alert').getByText('that time has not begun').waitFor()
})

test('nothing on the way broke the page or its content security policy', () => {
  expect(faults).toEqual([])
})
