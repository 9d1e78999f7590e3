/** The exports of davy.yaml, each with a life of its own. */
import { SECOND } from '../../model/time.ts'
import { listed } from '../fingerprint.ts'
import { createRoster, type Listed, type Roster } from '../roster.ts'
import { type Export, type ExportParts, startExport } from './export.ts'
import type { ExportSettings } from './settings.ts'

/** How long a file may take to be written. */
const BOUND = 10 * SECOND

/** To begin one throws `settings-invalid` where its site is not configured. */
export function createExports(parts: ExportParts): Roster<ExportSettings, Export> {
  const { clock, log } = parts
  return createRoster<ExportSettings, Export>({
    clock,
    bound: BOUND,
    onStuck: (name, reason) => log.warn(`export ${name}: ${reason}`),
    prepare: async (settings) => () => startExport(settings, parts),
    end: (running) => running.stop(),
  })
}

/** Exports have no names: they are told apart by what they write where, and numbered where that is the same. */
export function listExports(exports: readonly ExportSettings[]): readonly Listed<ExportSettings>[] {
  const taken = new Map<string, number>()
  return exports.map((settings) => {
    const name = `${settings.site} to ${settings.folder}`
    const count = (taken.get(name) ?? 0) + 1
    taken.set(name, count)
    return listed(count === 1 ? name : `${name} (${count})`, settings)
  })
}
