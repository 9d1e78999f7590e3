/** A browser at the desk: its own context and language, signed in; what goes wrong in the page is collected. */
import type { Browser, Locator, Page } from 'playwright-core'
import { PASSWORD } from './desk.ts'

/** A browser of its own, with that language preferred; faults of the page go into `faults`. */
export async function visit(browser: Browser, { locale, faults }: { locale: string; faults: string[] }): Promise<Page> {
  const context = await browser.newContext({
    locale,
    viewport: { width: 1440, height: 900 },
    timezoneId: 'Europe/Berlin',
  })
  const opened = await context.newPage()
  opened.setDefaultTimeout(15_000)
  opened.on('pageerror', (error) => faults.push(error.message))
  opened.on('console', (message) => {
    if (message.type() === 'error' && /Content Security Policy|Warning:/.test(message.text()))
      faults.push(message.text())
  })
  return opened
}

export async function signIn(at: Page, { user = 'admin', password = PASSWORD } = {}): Promise<void> {
  await at.getByLabel('User').fill(user)
  await at.getByLabel('Password', { exact: true }).fill(password)
  await at.getByRole('button', { name: 'Sign in' }).click()
}

/** Picks an option of a select by its words. */
export async function choose(at: Page, { of, option }: { of: Locator; option: string }): Promise<void> {
  await of.click()
  await at.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden)').getByTitle(option, { exact: true }).click()
}

export const alarmRow = (at: Page, text: string): Locator => at.getByRole('row').filter({ hasText: text })
