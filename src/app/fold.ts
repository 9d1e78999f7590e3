/** The fold: journal entries in, transitions out. Live operation, replay, cases, back-test and recovery are this one function. */
import type { Heir } from '../alerts/adopt.ts'
import { isActive } from '../alerts/advance.ts'
import { type AlarmNode, standingOf } from '../alerts/alarm-node.ts'
import type { Refused } from '../alerts/commands.ts'
import { createDesk, type Desk } from '../alerts/desk.ts'
import { isDesk, RESPONSE } from '../alerts/escalate.ts'
import type { LedgerRefusal } from '../alerts/ledger/deeds.ts'
import { createLedger, type Ledger, type LedgerOut } from '../alerts/ledger/ledger.ts'
import { OVERDUE_INSTANCE } from '../alerts/ledger/overdue.ts'
import { holdsFlood } from '../alerts/surroundings.ts'
import { createBacklog } from '../ingest/backlog.ts'
import { createJudge, type Judge } from '../ingest/judge.ts'
import { createRecollection } from '../ingest/recollection.ts'
import type { Condition, Transition } from '../model/alarm.ts'
import type { Command, PermitCommand } from '../model/command.ts'
import type { Entry } from '../model/entry.ts'
import type { HazardStep } from '../model/hazard.ts'
import type { Json } from '../model/json.ts'
import type { Reading } from '../model/reading.ts'
import { BUILT_IN, type Rule } from '../model/rule.ts'
import type { Installation } from '../model/site.ts'
import type { Instant } from '../model/time.ts'
import { concerns } from '../rules/concerns.ts'
import { createEngine, type Engine } from '../rules/engine.ts'
import { FAULT_INSTANCE } from '../rules/faults.ts'
import { grainsOf, lookBack } from './hindsight.ts'

export interface Fold {
  readonly installation: Installation
  readonly judge: Judge
  readonly desk: Desk
  readonly ledger: Ledger
  /** Absent before the first entry. */
  engine(): Engine | undefined
  /** Judges one entry; its transitions are appended to `into`. */
  apply(entry: Entry, into: Transition[]): Applied | undefined
  /** The earliest instant at which a tick would not be idle; infinity for none. */
  due(): Instant
  /** The arrival clock of the last entry; 0 before the first. */
  now(): Instant
  /** Everything the next entry depends on. */
  save(): Json
}

/** What an entry turned out to be: the judged reading, why a command changed nothing, what happened to hazards. */
export interface Applied {
  readonly reading?: Reading
  readonly refusal?: Refused | LedgerRefusal
  readonly hazards?: readonly HazardStep[]
}

export interface FoldOptions {
  readonly installation: Installation
  readonly rules: ReadonlyMap<string, Rule>
  /** What another fold of this program's form saved (see `isOurs`), perhaps under another configuration: state of unchanged rules goes on. */
  readonly saved?: Json
}

/** Readings of the past that are judged again in one tick, a site at a time: some tenths of a second. */
const PAST = 200_000

/** Form of what a fold saves. To be raised with every change of it that the fold of before, or this one, would misread. */
const FORM = 6

/** Whether this fold knows the form of what was saved, by a program that may have been another version. */
export function isOurs(saved: Json): boolean {
  return typeof saved === 'object' && saved !== null && 'form' in saved && saved.form === FORM
}

interface Saved {
  readonly form: number
  readonly began: Instant | null
  readonly now: Instant
  readonly judge: Json
  readonly engine: Json
  readonly desk: Json
  readonly backlog?: Json
  readonly ledger?: Json
  readonly recollection?: Json
}

export function createFold({ installation, rules, saved }: FoldOptions): Fold {
  // A fold that was saved before its first entry has nothing to hand on.
  const past = (saved as unknown as Saved | undefined)?.began == null ? undefined : (saved as unknown as Saved)
  const judge = createJudge(installation)
  if (past) judge.load(past.judge)
  const settledAt = (site: string, now: Instant) => {
    const found = installation.sites.get(site)
    return found ? judge.settled(found, now) : now
  }
  const desk = createDesk({ settled: settledAt, installation, ...(past && { saved: past.desk }) })
  const backlog = createBacklog(installation, past?.backlog)
  const ledger = createLedger({ installation, saved: past?.ledger })
  const grains = grainsOf(installation, rules)
  const recollection = createRecollection({
    installation,
    grains,
    ...(past?.recollection !== undefined && { saved: past.recollection }),
  })
  let engine: Engine | undefined
  let began = past?.began ?? undefined
  let now = past?.now ?? 0
  const conditions: Condition[] = []
  let steps: HazardStep[] = []
  const items = new Map(installation.rules.map((item) => [item.id, item]))

  function begin(at: Instant): Engine {
    began ??= at
    engine = createEngine({
      installation,
      rules,
      settled: judge.settled,
      began,
      now: past ? past.now : at,
      ...(past && { saved: past.engine }),
    })
    return engine
  }
  if (past) begin(past.now)
  let unsaid = true

  function say(running: Engine, entry: Entry, into: Transition[]): void {
    unsaid = false
    running.begun(conditions)
    hand(entry, into)
  }

  function hand(entry: Entry, into: Transition[]): void {
    for (const condition of conditions) {
      desk.state(condition, { now: entry.at, offset: entry.offset }, into)
      if (condition.truth === 'active' && ledger.listens(condition.instance.id)) consider(condition, entry)
    }
    conditions.length = 0
  }

  /** An alarm that stands may have become a hazard without a transition: one more person than before. */
  function consider({ site, instance, key }: Condition, entry: Entry): void {
    const node = desk.find(`${site.id}/${instance.id}/${key}`)
    if (node && isActive(standingOf(node))) ledger.consider(node, outOf(entry))
  }

  function outOf({ at, offset }: Entry): LedgerOut {
    return { stamp: { now: at, offset }, steps, conditions }
  }

  /** The ledger hears what the desk said, and what it says of deadlines goes to the desk. */
  function keep(entry: Entry, { into, from }: { into: Transition[]; from: number }): void {
    const out = outOf(entry)
    for (let i = from; i < into.length; i++) ledger.hear(into[i]!, out)
    if (entry.type === 'tick') ledger.tick(out)
    if (conditions.length > 0) hand(entry, into)
  }

  function command(given: Command, entry: Entry, into: Transition[]): Applied | undefined {
    if (given.command === 'permit') {
      const flaw = placeless(given)
      if (flaw) return { refusal: flaw }
      engine!.permit(given, entry.at, conditions)
      recollection.permit(given, entry.at)
      hand(entry, into)
      return undefined
    }
    if (given.command === 'link') {
      engine!.link(given, entry.at, conditions)
      hand(entry, into)
      return undefined
    }
    if (given.command === 'hazard') {
      const flaw = ledger.command(given, outOf(entry))
      return flaw && { refusal: flaw }
    }
    const refusal = desk.command(given, { now: entry.at, offset: entry.offset }, into)
    return refusal && { refusal }
  }

  /** A site's late readings are judged again once its backlog is in. */
  function lookBackAt({ at, offset }: Entry, into: Transition[]): void {
    let judged = 0
    const onJudged = (count: number) => {
      judged += count
    }
    for (const { site, readings } of backlog.take(at)) {
      for (const found of lookBack({ installation, rules, site, readings, recollection, now: at, onJudged })) {
        desk.retrospect(found, { now: at, offset }, into)
      }
      // The others at the next tick: after an outage of a whole city what is live must not wait for all of the past.
      if (judged >= PAST) break
    }
  }

  /** A permit for a place that is not configured would hold nowhere, and nobody would know. */
  function placeless({ site: id, area }: PermitCommand): Applied['refusal'] {
    const site = installation.sites.get(id)
    if (!site) return { code: 'site-unknown', message: `no site ${id} is configured` }
    if (area === undefined || site.areas.has(area)) return undefined
    return { code: 'area-unknown', message: `no area ${area} is configured at site ${id}` }
  }

  /** What stands behind an alarm now: its item as it was, the item that it has become, or nobody. */
  function heirOf(node: Readonly<AlarmNode>): Heir | 'same' | undefined {
    const { site: id, instance, key, version, lineage, call } = node
    const site = installation.sites.get(id)
    if (!site) return undefined
    const builtIn = (stands: boolean) => (stands ? 'same' : undefined)
    if (instance === FAULT_INSTANCE.id) return builtIn(items.has(key))
    if (instance === OVERDUE_INSTANCE.id) return builtIn(ledger.find(key) !== undefined)
    if (version === BUILT_IN)
      return builtIn(instance === RESPONSE ? isDesk(installation, call?.desk) : holdsFlood(installation, key))
    const item = items.get(instance)
    const rule = item && rules.get(item.rule)
    if (!rule || item.lineage !== lineage || !concerns(key, { rule, instance: item, site })) return undefined
    return item.hash === version ? 'same' : { item, renumbered: rule.outlives?.includes('numbers') ?? false }
  }

  function judgeEntry(entry: Entry, into: Transition[]): Applied | undefined {
    now = entry.at
    const running = engine ?? begin(entry.at)
    // What rules said as they began; under a changed configuration, after what they no longer stand behind has ended.
    if (unsaid && entry.type !== 'config') say(running, entry, into)
    switch (entry.type) {
      case 'reading': {
        const reading = judge.judge(entry.reading, entry.at)
        if (!reading) return undefined
        if (reading.timing === 'late') {
          backlog.add(reading)
        } else {
          running.reading(reading, conditions)
          if (conditions.length > 0) hand(entry, into)
          // A clock that runs ahead is no witness.
          if (reading.timing === 'live') recollection.add(reading)
        }
        return { reading }
      }
      case 'tick':
        running.tick(entry.at, conditions)
        if (conditions.length > 0) hand(entry, into)
        desk.tick({ now: entry.at, offset: entry.offset }, into)
        if (backlog.due() <= entry.at) lookBackAt(entry, into)
        return undefined
      case 'command':
        return command(entry.command, entry, into)
      case 'config':
        desk.withdraw(heirOf, { now: entry.at, offset: entry.offset }, into)
        if (unsaid) say(running, entry, into)
        ledger.renew(outOf(entry))
        return undefined
    }
  }

  return {
    installation,
    judge,
    desk,
    ledger,
    engine: () => engine,
    apply(entry, into) {
      const from = into.length
      const applied = judgeEntry(entry, into)
      if (into.length > from || entry.type === 'tick' || conditions.length > 0) keep(entry, { into, from })
      if (steps.length === 0) return applied
      const hazards = steps
      steps = []
      return { ...applied, hazards }
    },
    now: () => now,
    due: () => Math.min(engine?.due() ?? Number.POSITIVE_INFINITY, desk.due(), backlog.due(), ledger.due()),
    save: () =>
      ({
        form: FORM,
        began: began ?? null,
        now,
        judge: judge.save(),
        engine: engine?.save() ?? null,
        desk: desk.save(),
        backlog: backlog.save(),
        ledger: ledger.save(),
        recollection: recollection.save(),
      }) as unknown as Json,
  }
}
