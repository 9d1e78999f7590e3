/** One desk for a file of tests: service, world, browser and a page that is signed in, begun before the first test and ended after the last. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Desk, type DeskSettings, openBrowser, startDesk } from './desk.ts'
import { signIn, visit } from './visit.ts'
import { startWorld, type World } from './world.ts'

export interface DeskWithPage {
  readonly desk: Desk
  readonly world: World
  readonly browser: Browser
  /** At the desk, in English, signed in as the administrator unless told otherwise. */
  readonly page: Page
  /** What went wrong in any page opened here. */
  readonly faults: string[]
  /** Another browser at the desk. */
  visit(locale?: string): Promise<Page>
  /** The first page, elsewhere. */
  go(hash: string): Promise<unknown>
  /** Makes a user; gives their password. */
  addUser(user: string, role: string): Promise<string>
}

/** Called once at the top of a file; its parts are there from the first test on. */
export function withDesk({
  at = '',
  signedIn = true,
  settings,
}: {
  /** Where the first page is opened. */
  readonly at?: string
  readonly signedIn?: boolean
  /** Asked for once what stands above it has begun. */
  readonly settings?: () => DeskSettings
} = {}): DeskWithPage {
  const faults: string[] = []
  const used = { faults } as { -readonly [K in keyof DeskWithPage]?: DeskWithPage[K] } & Pick<DeskWithPage, 'faults'>
  const all = used as DeskWithPage

  beforeAll(async () => {
    used.desk = await startDesk(settings?.())
    used.world = await startWorld(all.desk.mqtt)
    used.browser = await openBrowser()
    used.page = await all.visit()
    await all.go(at)
    if (!signedIn) return
    await signIn(all.page)
    await all.page.getByRole('button', { name: /^Sign out/ }).waitFor()
  })
  afterAll(async () => {
    await used.browser?.close()
    await used.world?.stop()
    await used.desk?.stop()
  })

  used.visit = (locale = 'en-GB') => visit(all.browser, { locale, faults })
  used.go = (hash) => all.page.goto(`${all.desk.api}/#/${hash}`)
  used.addUser = async (user, role) => {
    const password = 'only-operating-8'
    const made = await all.page.request.post(`${all.desk.api}/api/v1/users`, {
      data: { user, password, role },
      headers: { origin: all.desk.api },
    })
    expect(made.status()).toBe(201)
    return password
  }
  return all
}

/** To be called last in a file. */
export function expectNoFaults({ faults }: Pick<DeskWithPage, 'faults'>): void {
  test('nothing on the way broke the page or its content security policy', () => {
    expect(faults).toEqual([])
  })
}
