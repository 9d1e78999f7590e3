/** Folds a journal again, each part under the configuration that was in force when it was written. */
import type { Transition } from '../../model/alarm.ts'
import type { Entry } from '../../model/entry.ts'
import { DavyError } from '../../model/errors.ts'
import type { Json } from '../../model/json.ts'
import type { Rule } from '../../model/rule.ts'
import type { Installation } from '../../model/site.ts'
import { type Applied, createFold, type Fold } from '../fold.ts'

export interface Refold {
  /** Absent before the first `config` entry. */
  fold(): Fold | undefined
  apply(entry: Entry, into: Transition[]): Promise<Applied | undefined>
}

/** `start` goes on from a saved state under a configuration. Throws `configuration-lost` where one was not kept. */
export function createRefold(options: {
  readonly rules: ReadonlyMap<string, Rule>
  readonly configurationOf: (hash: string) => Promise<Installation | undefined>
  readonly start?: { readonly installation: Installation; readonly saved: Json }
}): Refold {
  const { rules, configurationOf, start } = options
  let fold = start && createFold({ installation: start.installation, rules, saved: start.saved })
  return {
    fold: () => fold,
    async apply(entry, into) {
      if (entry.type === 'config' && fold?.installation.hash !== entry.hash) {
        const installation = await configurationOf(entry.hash)
        if (!installation) {
          throw new DavyError('configuration-lost', {
            message: `the configuration ${entry.hash.slice(0, 12)}… in force at entry ${entry.offset} was not kept`,
            remedy: 'copy its folder into `configurations/` of the data folder',
          })
        }
        const saved = fold?.engine() && (JSON.parse(JSON.stringify(fold.save())) as Json)
        fold = createFold({ installation, rules, ...(saved !== undefined && { saved }) })
      }
      return fold?.apply(entry, into)
    },
  }
}
