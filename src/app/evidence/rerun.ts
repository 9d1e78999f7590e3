/** Judges a bundle again, here, with nothing but what is in it. */
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { SURROUNDINGS, type Transition } from '../../model/alarm.ts'
import type { Entry } from '../../model/entry.ts'
import type { Json } from '../../model/json.ts'
import type { PointRef } from '../../model/point.ts'
import type { Rule } from '../../model/rule.ts'
import type { Installation } from '../../model/site.ts'
import type { TransitionBody } from '../api/schemas.ts'
import { loadConfig } from '../config/load.ts'
import { isOurs } from '../fold.ts'
import { serialiseTransition } from '../wire.ts'
import { type Bundle, type BundledConfiguration, type BundledEntry, FORMAT, sealHolds } from './bundle.ts'
import { contradictions } from './contradictions.ts'
import { createRefold } from './refold.ts'

/** What was checked, in order; the first that fails is where trust ends. */
export interface Verdict {
  readonly sealed: boolean
  readonly configured: boolean
  readonly reproduced: boolean
  /** In words, what failed. */
  readonly problems: readonly string[]
}

export async function rerun(bundle: Bundle, { rules }: { rules: ReadonlyMap<string, Rule> }): Promise<Verdict> {
  const problems: string[] = []
  if (bundle.format !== FORMAT)
    problems.push(`the format is ${JSON.stringify(bundle.format)}, this version reads ${FORMAT}`)
  const sealed = problems.length === 0 && sealHolds(bundle)
  if (!sealed) problems.push('the seal is broken: something was changed after it was made')
  const installations = new Map<string, Installation>()
  for (const configuration of bundle.configurations) {
    const installation = await installationOf(configuration, rules)
    if (installation?.hash === configuration.hash) installations.set(configuration.hash, installation)
    else problems.push(`configuration ${configuration.hash.slice(0, 12)}… does not read as the one it names`)
  }
  const configured = installations.size === bundle.configurations.length && installations.size > 0
  const start = installations.get(bundle.configurations[0]?.hash ?? '')
  if (!start) return { sealed, configured, reproduced: false, problems }

  if (bundle.before !== null && !isOurs(bundle.before as Json)) {
    problems.push('its state is of another version of the program, which has to run it again')
    return { sealed, configured, reproduced: false, problems }
  }

  let untrue: readonly string[] = []
  let told: readonly string[]
  let got: readonly string[]
  try {
    untrue = contradictions(bundle, installations.values())
    told = bundle.transitions.flatMap(essence)
    got = await foldAgain(bundle, { rules, installations, start })
  } catch (error) {
    // Whoever wrote it, the fold would not have got there: the seal says whether it was changed since.
    problems.push(
      `its state or its entries cannot be judged: ${error instanceof Error ? error.message : String(error)}`,
    )
    return { sealed, configured, reproduced: false, problems }
  }
  const expected = bundle.cut ? told.slice(0, got.length) : told
  const wrong = expected.findIndex((line, i) => line !== got[i])
  if (wrong >= 0)
    problems.push(
      `the re-run differs at transition ${wrong + 1}: told ${expected[wrong]}, got ${got[wrong] ?? 'nothing'}`,
    )
  else if (got.length > expected.length)
    problems.push(`the re-run gives ${got.length - expected.length} more transitions`)
  else if (got.length === 0) problems.push('the re-run gives no transition')
  problems.push(...untrue)
  const again = wrong < 0 && got.length > 0 && got.length <= expected.length
  return { sealed, configured, reproduced: again && untrue.length === 0, problems }
}

/** The episode's transitions as they come again, as text. */
async function foldAgain(
  bundle: Bundle,
  {
    rules,
    installations,
    start,
  }: { rules: ReadonlyMap<string, Rule>; installations: ReadonlyMap<string, Installation>; start: Installation },
): Promise<readonly string[]> {
  const refold = createRefold({
    rules,
    configurationOf: async (hash) => installations.get(hash),
    start: { installation: start, saved: bundle.before as Json },
  })
  const points = new Map<string, PointRef>()
  const again: Transition[] = []
  for (const entry of bundle.entries) {
    const transitions: Transition[] = []
    await refold.apply(entryOf(entry, points), transitions)
    for (const transition of transitions) {
      if (transition.alarm === bundle.alarm && transition.episode === bundle.episode) again.push(transition)
    }
  }
  const { installation } = refold.fold()!
  return again.flatMap((transition) => essence(serialiseTransition(transition, installation)))
}

/** A transition as far as its own rule decides it. What other alarms do to it (it is suppressed by one, counted into a flood) would need
 *  their rules judged again, too: those steps and marks are left out, and with them the number of the step. */
function essence({ id: _id, revision: _revision, ...transition }: TransitionBody): readonly string[] {
  if (['suppressed', 'unsuppressed', 'handed-on'].includes(transition.cause)) return []
  const own = Object.entries(transition).filter(
    ([name]) => !SURROUNDINGS.includes(name as (typeof SURROUNDINGS)[number]),
  )
  return [JSON.stringify(Object.fromEntries(own))]
}

function entryOf(bundled: BundledEntry, points: Map<string, PointRef>): Entry {
  if (bundled.type !== 'reading') return bundled
  const { offset, at, site, point: id, type: _, ...measurement } = bundled
  let point = points.get(id)
  if (!point) {
    point = { siteId: site, id }
    points.set(id, point)
  }
  return { offset, at, type: 'reading', reading: { point, ...measurement } }
}

async function installationOf(
  { files }: BundledConfiguration,
  rules: ReadonlyMap<string, Rule>,
): Promise<Installation | undefined> {
  const dir = mkdtempSync(join(tmpdir(), 'davy-evidence-'))
  try {
    for (const { path, text, sha256 } of files) {
      const file = join(dir, path)
      // A bundle comes from elsewhere: it writes nowhere but here.
      if (relative(dir, file).startsWith('..') || createHash('sha256').update(text).digest('hex') !== sha256)
        return undefined
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text)
    }
    return (await loadConfig(dir, { rules, adapters: {} })).installation
  } catch {
    // A path that no file can have.
    return undefined
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}
