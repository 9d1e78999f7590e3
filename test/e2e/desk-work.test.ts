/** The desk's own work, page by page: handling alarms to their end, sources and ways up, notifications, the shift log. */
import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DRILL, type Receiver, startReceiver } from './peers.ts'
import { alarmRow, choose, signIn } from './visit.ts'
import { expectNoFaults, withDesk } from './with-desk.ts'

let receiver: Receiver
beforeAll(async () => {
  receiver = await startReceiver()
})
afterAll(() => receiver?.stop())

const used = withDesk({
  at: 'alarms?rule=limit',
  settings: () => ({
    pack: DRILL,
    more: `notify:
  baseUrl: https://desk.example
  channels:
    - { name: bureau, adapter: webhook, url: "${receiver.url}" }
  routes:
    - { match: { rule: limit, severity: [critical, major, minor] }, to: [bureau] }
    - { match: { rule: sos }, to: [bureau] }
forward:
  - name: county
    mqtt: { url: "mqtt://127.0.0.1:9" }
`,
  }),
})

/** The details of the alarm whose row has the text, opened beside the list. */
async function details(text: string): Promise<Locator> {
  await used.go('alarms?rule=limit')
  await alarmRow(used.page, text)
    .getByRole('button', { name: /^Details: / })
    .click()
  const drawer = used.page.getByRole('dialog')
  await drawer.getByRole('region', { name: 'Timeline' }).waitFor()
  return drawer
}

test('a latched alarm stands until it is reset, one that asks for it until it is confirmed', async () => {
  used.world.say('baoyuan/face-101/dust', 600)
  used.world.say('baoyuan/face-101/wind', 14.5)
  const [dust, wind] = [alarmRow(used.page, 'face-101/dust:drill'), alarmRow(used.page, 'face-101/wind:drill')]
  for (const row of [dust, wind]) {
    await row.getByRole('button', { name: /^Acknowledge: / }).click()
    await expect.poll(() => row.getAttribute('data-state')).toBe('acked')
  }
  used.world.say('baoyuan/face-101/dust', 2)
  used.world.say('baoyuan/face-101/wind', 1.6)
  await dust.getByText('Latched').waitFor()
  await wind.getByText('To be confirmed').waitFor()
  expect(await wind.getByRole('button', { name: /^Acknowledge/ }).count()).toBe(0)

  await dust.getByRole('button', { name: /^Reset: / }).click()
  await expect.poll(() => dust.count()).toBe(0)
  const drawer = await details('face-101/wind:drill')
  await drawer.getByRole('button', { name: 'Confirm: put right' }).click()
  await drawer.getByText('Normal', { exact: true }).waitFor()
  await used.go('alarms?rule=limit')
  await expect.poll(() => used.page.getByText('face-101/wind:drill').count()).toBe(0)
})

test('an alarm is shelved once, returned, taken out of service with a witness, and every hush is said and undone', async () => {
  used.world.say('baoyuan/head-202/ch4-t2', 1.3)
  await alarmRow(used.page, 'head-202/ch4-t2:cut').waitFor()
  const drawer = await details('head-202/ch4-t2:cut')
  await drawer.getByRole('button', { name: 'Shelve…' }).click()
  await drawer.getByLabel('Reason').fill('sensor is being moved')
  await drawer.getByText('Until it returns to normal').click()
  await drawer.getByRole('button', { name: 'Shelve', exact: true }).click()
  const shelved = drawer.getByRole('region', { name: 'Shelved' })
  await shelved.getByText('or when it next returns to normal').waitFor()
  expect(await shelved.textContent()).toMatch(/admin.*sensor is being moved.*(1 d|23 h( \d+ min)?) left/)
  await drawer.getByRole('button', { name: 'Unshelve' }).click()
  await expect.poll(() => shelved.count()).toBe(0)

  await drawer.getByRole('button', { name: 'Take out of service…' }).click()
  await drawer.getByLabel('Reason').fill('exchanged')
  await drawer.getByLabel('Witness').fill('admin')
  await drawer.getByRole('button', { name: 'Take out of service', exact: true }).click()
  await drawer.getByText('The witness is somebody else').waitFor()
  await drawer.getByLabel('Witness').fill('Zhang')
  await drawer.getByRole('button', { name: 'Take out of service', exact: true }).click()
  await drawer.getByRole('region', { name: 'Out of service' }).getByText('Zhang').waitFor()
  await drawer.getByRole('button', { name: 'Return to service' }).click()
  await expect.poll(() => drawer.getByRole('region', { name: 'Out of service' }).count()).toBe(0)
})

test('an alarm is given to somebody, and a file goes in and comes out byte for byte', async () => {
  const drawer = await details('head-202/ch4-t2:cut')
  await drawer.getByRole('button', { name: 'Assign…' }).click()
  await drawer.getByLabel('To', { exact: true }).fill('Li Wei')
  await drawer.getByRole('button', { name: 'Assign', exact: true }).click()
  await drawer.getByText('Assigned to Li Wei').waitFor()

  const buffer = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 255])
  await drawer.getByRole('button', { name: 'Attach a file…' }).click()
  await drawer.getByLabel('File', { exact: true }).setInputFiles({ name: '现场.png', mimeType: 'image/png', buffer })
  await drawer.getByRole('button', { name: 'Attach a file', exact: true }).click()
  const [file] = await Promise.all([
    used.page.waitForEvent('download'),
    drawer.getByRole('button', { name: 'Download 现场.png' }).click(),
  ])
  expect(file.suggestedFilename()).toBe('现场.png')
  const chunks: Buffer[] = []
  for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer)
  expect(Buffer.concat(chunks)).toEqual(buffer)
})

test('a refusal is said in words, and in Chinese', async () => {
  const alarm = 'baoyuan/ch4/heading-t2/head-202/ch4-t2:cut'
  const sent = '**/api/v1/alarms/**/comment'
  await used.page.route(sent, (route) => route.continue({ postData: JSON.stringify({ text: '' }) }))
  await used.go('alarms')
  await used.page.getByRole('button', { name: '中文' }).click()
  await used.go(`alarms?alarm=${encodeURIComponent(alarm)}`)
  const drawer = used.page.getByRole('dialog')
  await drawer.getByRole('button', { name: '备注…' }).click()
  await drawer.getByRole('textbox', { name: '备注' }).fill('已通知')
  await drawer.getByRole('button', { name: '添加备注' }).click()
  await drawer.getByRole('alert').getByText('备注为空').waitFor()
  await used.page.unroute(sent)
  await used.go('alarms')
  await used.page.getByRole('button', { name: 'English' }).click()
})

test('a source says when it was last heard and how late it is, a way up how far the peer is behind', async () => {
  await used.go('sources')
  const source = used.page.getByRole('table', { name: 'Sources' }).getByRole('row').filter({ hasText: 'mqtt://' })
  await expect.poll(() => source.textContent()).toMatch(/[+−]?\d+(\.\d)?\s(ms|s)/)
  const way = used.page.getByRole('table', { name: 'Ways up' }).getByRole('row').filter({ hasText: 'county' })
  await expect.poll(() => way.textContent()).toMatch(/[1-9][\d,]* entries/)
  await used.go('sites/baoyuan')
  const data = used.page.getByRole('region', { name: 'Data', exact: true })
  await expect
    .poll(() => data.textContent())
    .toMatch(/On-line rate\d+(\.\d)?%.*Good data\d+(\.\d)?%.*[1-9][\d,]* readings/)
})

test('a channel is tested with the peer’s answer shown, and what failed is sent again', async () => {
  await used.go('notifications')
  const channel = used.page.getByRole('table', { name: 'Channels' }).getByRole('row').filter({ hasText: 'bureau' })
  await channel.getByRole('button', { name: 'Send a test by bureau' }).click()
  await channel.getByText('200 thank you').waitFor()

  receiver.answer(503, 'closed for lunch')
  used.world.say('baoyuan/maint-7/ch4', 1.2)
  const message = used.page
    .getByRole('table', { name: 'Messages' })
    .getByRole('row')
    .filter({ hasText: 'closed for lunch' })
  await message.first().waitFor({ timeout: 30_000 })
  receiver.answer(200, 'thank you')
  await message
    .first()
    .getByRole('button', { name: /^Send again: / })
    .click()
  await expect.poll(() => message.count(), { timeout: 30_000 }).toBe(0)

  const drawer = await details('maint-7/ch4:warning')
  await drawer.getByRole('table', { name: 'Who was told' }).getByText('Sent').first().waitFor()
})

test('a desk is handed over with the alarms that stand', async () => {
  await used.go('shift-log')
  const form = used.page.getByRole('region', { name: 'Write a handover' })
  // Where no duty desk is declared each site is one.
  await choose(used.page, { of: form.getByRole('combobox', { name: 'Desk' }), option: 'Baoyuan coal mine' })
  await form.getByLabel('Takes over').fill('admin')
  await form.getByRole('button', { name: 'Hand over' }).click()
  await form.getByText('Two different people').waitFor()
  await form.getByLabel('Takes over').fill('Wang')
  await form.getByLabel('What the next shift must know').fill('T2 of heading 202 is being moved')
  await form.getByRole('button', { name: 'Hand over' }).click()
  const entry = used.page
    .getByRole('list', { name: 'Handovers' })
    .getByRole('listitem')
    .filter({ hasText: 'Wang' })
    .first()
  await entry.getByText('T2 of heading 202 is being moved').waitFor()
  await entry.getByText(/^\d+ alarms? stood/).click()
  await entry.getByRole('button', { name: /^Heading 202 T2/ }).waitFor()
})

test('a witnessed window keeps what the work brings about from people, and ends at a word', async () => {
  const work = used.page.getByRole('region', { name: 'Windows of work' })
  await used.go('shift-log')
  await choose(used.page, { of: work.getByRole('combobox', { name: 'Site' }), option: 'Baoyuan coal mine' })
  await choose(used.page, { of: work.getByRole('combobox', { name: 'Area' }), option: 'Heading 202' })
  await work.getByLabel('Witness').fill('Zhang')
  await work.getByRole('button', { name: 'Declare' }).click()
  const kept = work.getByRole('list', { name: 'Alarms a window keeps from people now' })
  await kept.getByRole('button', { name: /^Heading 202 T2/ }).waitFor()
  await kept.getByText('witness Zhang').first().waitFor()
  // The service keeps the list, whoever asks.
  const window = work.getByRole('list', { name: 'Declared windows' }).getByRole('listitem')
  await window.getByText('declared by admin', { exact: false }).waitFor()
  await work.getByRole('button', { name: 'End the window Heading 202' }).click()
  await expect.poll(() => window.count()).toBe(0)
  await expect.poll(() => kept.count()).toBe(0)
})

test('the link of a message opens the alarm, and says nothing of whom it is about', async () => {
  const value = { card: '10003', sos: true }
  await used.world.send('davy/v1/baoyuan/readers/r-haul-1', JSON.stringify({ ts: Date.now(), value }))
  const link = () =>
    /https:..desk.example(.#.alarms.alarm=[\w-]+)"/.exec(receiver.got.find((body) => body.includes('/sos/')) ?? '')
  await expect.poll(() => link()?.[1]).toBeDefined()
  await used.page.goto(`${used.desk.api}${link()![1]}`)
  await used.page.getByRole('dialog').getByRole('region', { name: 'Timeline' }).waitFor()
  await expect.poll(() => decodeURIComponent(used.page.url())).toMatch(/alarm=baoyuan\/sos\/mine\/10003$/)
  await used.go('alarms')
})

test('an operator is offered what an operator may do', async () => {
  const password = await used.addUser('officer', 'operator')
  const other = await used.visit()
  const alarm = 'baoyuan/ch4/heading-t2/head-202/ch4-t2:cut'
  await other.goto(`${used.desk.api}/#/alarms?alarm=${encodeURIComponent(alarm)}`)
  await signIn(other, { user: 'officer', password })
  const drawer = other.getByRole('dialog')
  await drawer.getByRole('button', { name: 'Shelve…' }).click()
  expect(await drawer.getByRole('button', { name: 'Take out of service…' }).count()).toBe(0)
  await drawer.getByText('shelved by a supervisor; if you are none, ask one').waitFor()
  await drawer.getByLabel('Reason').fill('too loud')
  await drawer.getByRole('button', { name: 'Shelve', exact: true }).click()
  await drawer.getByRole('alert').getByText('ask a supervisor').waitFor()
  await other.goto(`${used.desk.api}/#/shift-log`)
  await other.getByText('Declaring a window takes the role supervisor').waitFor()
  await other.goto(`${used.desk.api}/#/notifications`)
  await other.getByText('it takes the role supervisor').waitFor()
  await other.context().close()
})

expectNoFaults(used)
