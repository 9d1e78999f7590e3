/** What the operator has been told already: each stranger once until the configuration changes, each difference once. */
import type { Site } from '../../model/site.ts'
import type { FileRefusal } from './decode.ts'

/** Things remembered; beyond them nothing new is told. */
const MOST = 10_000

export class Told {
  #strangers = new Map<string, Site>()
  #notices = new Set<string>()

  /** Those not told yet; a code that a new configuration still lacks is told again. */
  strangers(site: Site, found: ReadonlyMap<string, FileRefusal>): FileRefusal[] {
    const fresh: FileRefusal[] = []
    for (const [code, refusal] of found) {
      const key = `${site.id} ${code}`
      if (this.#strangers.get(key) === site || this.#strangers.size >= MOST) continue
      this.#strangers.set(key, site)
      fresh.push(refusal)
    }
    return fresh
  }

  /** Those not told yet. */
  notices(found: readonly string[]): string[] {
    const fresh = found.filter((notice) => !this.#notices.has(notice) && this.#notices.size < MOST)
    for (const notice of fresh) this.#notices.add(notice)
    return [...new Set(fresh)]
  }

  /** Codes without a point, under the configuration in force. */
  count(sites: ReadonlyMap<string, Site> | undefined): number {
    let count = 0
    for (const site of this.#strangers.values()) if (sites?.get(site.id) === site) count += 1
    return count
  }
}
