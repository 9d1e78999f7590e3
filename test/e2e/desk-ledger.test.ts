/** The hazard ledger, the desk's figures and the duty reports, as an officer and a supervisor use them. */
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { alarmRow, choose, signIn } from './visit.ts'
import { expectNoFaults, withDesk } from './with-desk.ts'

const used = withDesk()
let operator: Page

beforeAll(async () => {
  const password = await used.addUser('officer', 'operator')
  operator = await used.visit()
  await operator.goto(`${used.desk.api}/#/hazards`)
  await signIn(operator, { user: 'officer', password })
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

  await used.page.goto(operator.url())
  const judged = used.page.getByRole('region', { name: 'Hazard', exact: true })
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
  const life = used.page.getByRole('region', { name: 'Timeline' }).getByRole('listitem')
  await expect.poll(() => life.count()).toBe(7)
})

test('an overdue hazard is marked, filtered for, and goes into the file', async () => {
  const made = await used.page.request.post(`${used.desk.api}/api/v1/hazards`, {
    data: { site: 'longteng-chem', grade: 'major', text: 'Gangway blocked', deadline: Date.now() + 2_000 },
    headers: { origin: used.desk.api },
  })
  expect(made.status()).toBe(201)
  await used.go('hazards')
  const row = used.page.getByRole('row').filter({ hasText: 'Gangway blocked' })
  await row.getByText('Overdue', { exact: true }).waitFor({ timeout: 30_000 })
  await used.page.getByRole('checkbox', { name: 'Overdue only' }).check()
  await expect.poll(() => used.page.getByRole('row').filter({ hasText: 'Air duct' }).count()).toBe(0)
  const { name, bytes } = await saved(used.page, 'Export CSV')
  expect(name).toBe('hazards.csv')
  expect(bytes.toString()).toContain('Gangway blocked')
  expect(bytes.toString()).not.toContain('Air duct')
})

test('a file of hazards is tried, its bad rows said by row and column, and taken in once', async () => {
  const file = [
    '外部编号,等级,隐患内容,地点,整改期限',
    'C-1,重大,电缆破损,head-202,2090-05-01 08:00',
    'C-2,general,Handrail loose,,',
    'C-3,很大,什么,,',
    'C-4,一般,,,',
  ].join('\n')
  await operator.goto(`${used.desk.api}/#/hazards`)
  await operator.getByRole('button', { name: 'Take in a file…' }).click()
  const form = operator.getByRole('region', { name: 'Take in a file' })
  const give = (name: string, content: string) =>
    form.getByLabel('File').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(content) })
  await give('list.csv', file)
  await form.getByText('the file has no column 企业 Site: choose the site').waitFor()
  await form.getByText('There are rows that name no site').waitFor()
  await choose(operator, {
    of: form.getByRole('combobox', { name: 'Site of rows that name none' }),
    option: 'Rows without a site: Baoyuan coal mine',
  })
  await form.getByText('2 rows can be taken in').waitFor()
  const refused = form.getByRole('table', { name: 'Refused rows' })
  await refused.getByRole('row', { name: /^4 等级 neither 重大 major nor 一般 general: 很大/ }).waitFor()
  await refused.getByRole('row', { name: /^5 隐患内容 the row needs it/ }).waitFor()
  await form.getByRole('table', { name: 'Rows as they were read' }).getByText('电缆破损').waitFor()
  expect(await operator.getByRole('table', { name: 'Hazards' }).getByText('电缆破损').count()).toBe(0)
  await form.getByRole('button', { name: 'Take in 2 rows' }).click()
  await form.getByText('2 rows were taken in').waitFor()
  await operator.getByRole('table', { name: 'Hazards' }).getByText('电缆破损').waitFor()

  await form.getByRole('button', { name: 'Another file' }).click()
  await give('list.csv', file)
  await form.getByText('2 known already').waitFor()
  expect(await form.getByRole('button', { name: /^Take in/ }).isDisabled()).toBe(true)
  await give('broken.xlsx', 'PK\u0003\u0004 and then nothing')
  await form.getByRole('alert').waitFor()
})

test('figures stand against good practice, and say which numbers nobody has read', async () => {
  used.world.say('baoyuan/head-202/ch4-t2', 1.12)
  await used.go('alarms?rule=limit')
  await alarmRow(used.page, 'head-202/ch4-t2:cut').waitFor()
  await used.go('figures?site=baoyuan')
  const held = used.page.getByRole('table', { name: 'Against good practice' })
  await held.getByText('not confirmed', { exact: true }).first().waitFor()
  const often = used.page.getByRole('list', { name: 'Raised most often' })
  await often.getByText('head-202/ch4-t2:cut').waitFor({ timeout: 45_000 })
})

test('a report is read on the page and kept as a file', async () => {
  await used.go('reports?kind=day&site=baoyuan')
  const people = used.page.getByRole('table', { name: 'People' })
  await people.getByRole('row').filter({ hasText: 'Coal face 101' }).waitFor()
  await used.page.getByText('Still running: up to now').waitFor()
  const { name, bytes } = await saved(used.page, 'Download as XLSX')
  expect(name).toMatch(/^report-baoyuan-\d{4}-\d\d-\d\d\.xlsx$/)
  expect(bytes.subarray(0, 2).toString()).toBe('PK')
  await used.go('reports?kind=day&site=baoyuan&date=2090-01-01')
  await used.page.getByRole('alert').getByText('that time has not begun').waitFor()
})

expectNoFaults(used)
