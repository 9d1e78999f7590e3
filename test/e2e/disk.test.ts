/** A disk that runs full is seen on every page, by everybody, in both languages, with what to do. */
import { expect, test } from 'vitest'
import { signIn } from './visit.ts'
import { expectNoFaults, withDesk } from './with-desk.ts'

// No disk is all free: any is little for this service.
const used = withDesk({ settings: () => ({ more: 'storage: { disk: { leastShare: 100 } }\n' }) })

test('the banner says how much is left and what to do, on whatever page, in English and in Chinese', async () => {
  const banner = used.page.getByRole('alert', { name: 'The disk of the service runs full' })
  for (const page of ['', 'alarms', 'rules']) {
    await used.go(page)
    await banner.waitFor()
  }
  expect(await banner.textContent()).toMatch(/\d [KMGTP]iB free \([\d.]+ %\)\. .*larger disk/)
  await used.page.getByText('中文', { exact: true }).click()
  const zh = used.page.getByRole('alert', { name: '服务所在磁盘即将写满' })
  await zh.waitFor()
  expect(await zh.textContent()).toMatch(/剩余 [\d.]+ [KMGTP]iB（[\d.]+%）。.*更大的磁盘/)
})

test('a viewer is told as well', async () => {
  const password = await used.addUser('looks', 'viewer')
  const page = await used.visit()
  await page.goto(`${used.desk.api}/`)
  await signIn(page, { user: 'looks', password })
  await page.getByRole('alert', { name: 'The disk of the service runs full' }).waitFor()
})

expectNoFaults(used)
