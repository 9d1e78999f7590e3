/** The duty desks on the page: the tree, who is on duty, one desk's figures; and sources that push. */
import { expect, test } from 'vitest'
import { alarmRow, choose, signIn } from './visit.ts'
import { expectNoFaults, withDesk } from './with-desk.ts'

const used = withDesk({ at: 'alarms?rule=limit', settings: () => ({ duty: true }) })

const deskRow = (name: string) =>
  used.page.getByRole('table', { name: 'Duty desks' }).getByRole('row').filter({ hasText: name })

test('the tree says what stands where, who is on duty, and how long each may take', async () => {
  used.world.say('baoyuan/head-202/ch4-t2', 1.12)
  await alarmRow(used.page, 'head-202/ch4-t2:cut').waitFor()
  await used.page.getByRole('link', { name: 'Desks' }).click()
  const control = deskRow('baoyuan-control')
  await control.getByText('Baoyuan coal mine').waitFor()
  await control.getByText('no handover yet').waitFor()
  await control.getByText(/\d+ unacknowledged/).waitFor({ timeout: 45_000 })
  const clocks = used.page.getByRole('table', { name: 'Response clocks' })
  await clocks.getByRole('row', { name: 'Critical 2 min 30 min' }).waitFor()
})

test('a desk is handed over by its name, and whoever took it over is on duty', async () => {
  await deskRow('baoyuan-control').getByRole('link', { name: 'Handovers of Baoyuan control room' }).click()
  const form = used.page.getByRole('region', { name: 'Write a handover' })
  await choose(used.page, { of: form.getByRole('combobox', { name: 'Desk' }), option: 'Baoyuan control room' })
  await form.getByLabel('Takes over').fill('Zhang Wei')
  await form.getByRole('button', { name: 'Hand over' }).click()
  const entry = used.page.getByRole('list', { name: 'Handovers' }).getByRole('listitem').first()
  await entry.getByText('Baoyuan control room').waitFor()
  await used.go('desks')
  await deskRow('baoyuan-control').getByText('Zhang Wei').waitFor()
})

test('figures are one desk’s: what another hears first is not among them', async () => {
  await deskRow('baoyuan-control').getByRole('link', { name: 'Figures of Baoyuan control room' }).click()
  const often = used.page.getByRole('list', { name: 'Raised most often' })
  await often.getByText('head-202/ch4-t2:cut').waitFor({ timeout: 45_000 })
  await choose(used.page, {
    of: used.page.getByRole('combobox', { name: 'Duty desk' }),
    option: 'Longteng control room',
  })
  await expect.poll(() => used.page.url()).toContain('desk=longteng-control')
  await expect.poll(() => often.getByText('head-202/ch4-t2:cut').count()).toBe(0)
})

test('a token that pushes is a source: not heard, then heard in time, with what it brought', async () => {
  const made = await used.page.request.post(`${used.desk.api}/api/v1/tokens`, {
    data: { user: 'gateway-9', site: 'baoyuan' },
    headers: { origin: used.desk.api },
  })
  const { token } = (await made.json()) as { token: string }
  await used.go('sources')
  const row = used.page.getByRole('table', { name: 'Sources' }).getByRole('row').filter({ hasText: 'http:gateway-9' })
  await row.getByText('Not heard since the start').waitFor()
  await row.getByText('never', { exact: true }).waitFor()
  const sent = await fetch(`${used.desk.api}/api/v1/sites/baoyuan/readings`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify([{ point: 'face-101/co', value: 4 }]),
  })
  expect(sent.status).toBe(202)
  await row.getByText('Heard in time').waitFor()
})

test('a viewer sees no names and no contacts', async () => {
  const password = await used.addUser('guest', 'viewer')
  const guest = await used.visit()
  await guest.goto(`${used.desk.api}/#/desks`)
  await signIn(guest, { user: 'guest', password })
  const table = guest.getByRole('table', { name: 'Duty desks' })
  await table.getByText('Z**').waitFor()
  expect(await table.getByText('baoyuan-dispatcher').count()).toBe(0)
  await guest.getByText('shown in full from the role operator on').waitFor()
  await guest.context().close()
})

expectNoFaults(used)
