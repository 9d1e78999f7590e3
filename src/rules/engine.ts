/** Runs every rule instance over judged readings: partitions, movements, wake-ups, snapshots, and rules that throw. */
import type { Condition } from '../model/alarm.ts'
import type { LinkCommand, PermitCommand } from '../model/command.ts'
import type { Crew } from '../model/crew.ts'
import type { Json } from '../model/json.ts'
import type { Reading } from '../model/reading.ts'
import type { Out, Rule, Stated } from '../model/rule.ts'
import type { Installation, Site } from '../model/site.ts'
import type { Instant } from '../model/time.ts'
import { createWakes } from '../model/wakes.ts'
import { claim, loadClaims, saveClaims } from './claims.ts'
import { concerns } from './concerns.ts'
import { type CrewKeeper, createCrew } from './crew.ts'
import { createFaults } from './faults.ts'
import { type Partition, partitions } from './partitions.ts'
import { type Declared, declaredIn, redeclaring } from './redeclared.ts'
import { createWelding, type WeldingKeeper } from './welding-keeper.ts'

/** The instant and order in which something is judged. */
export interface Moment {
  /** The arrival clock. */
  readonly now: Instant
  /** Event time up to which a site's news is complete. */
  settled(site: Site, now: Instant): Instant
}

export interface Engine {
  /** Who is where; undefined for an unknown site. */
  crew(site: string): Crew | undefined
  /** What rules said as they began or were loaded: to be stated with the first entry, lest a snapshot lose it. Given once. */
  begun(into: Condition[]): void
  /** A live or early reading. Conditions stated are appended to `into`. */
  reading(reading: Reading, into: Condition[]): void
  tick(now: Instant, into: Condition[]): void
  permit(command: PermitCommand, now: Instant, into: Condition[]): void
  link(command: LinkCommand, now: Instant, into: Condition[]): void
  /** The earliest instant at which a tick could make a rule speak; infinity for none. */
  due(): Instant
  save(): Json
}

export interface EngineOptions {
  readonly installation: Installation
  readonly rules: ReadonlyMap<string, Rule>
  readonly settled: Moment['settled']
  /** Arrival clock of the journal's first entry. */
  readonly began: Instant
  /** Arrival clock now: rules begin, or are loaded, at this instant. */
  readonly now: Instant
  /** What an earlier engine saved. Instances whose lineage is unchanged go on, the others begin anew. */
  readonly saved?: Json
}

interface Saved {
  readonly crews: Readonly<Record<string, Json>>
  readonly weldings?: Readonly<Record<string, Json>>
  /** The configuration under which it was saved. */
  readonly declared: Declared
  readonly partitions: readonly (readonly [
    key: string,
    lineage: string,
    wake: Instant | null,
    state: Json,
    claims: Json,
  ])[]
  readonly faults: Json
}

export function createEngine(options: EngineOptions): Engine {
  const { installation, rules, began } = options
  const saved = options.saved as unknown as Saved | undefined
  const crews = new Map<string, CrewKeeper>()
  const weldings = new Map<string, WeldingKeeper>()
  for (const site of installation.sites.values()) {
    crews.set(site.id, createCrew(site, saved?.crews[site.id]))
    weldings.set(site.id, createWelding(site, saved?.weldings?.[site.id]))
  }

  const all = partitions({ installation, rules, crews, weldings, began })
  const heard: Partition[][] = installation.points.map(() => [])
  const moved: Partition[][] = []
  const permitted: Partition[][] = []
  const linked: Partition[][] = []
  for (const { index } of installation.sites.values()) {
    moved[index] = []
    permitted[index] = []
    linked[index] = []
  }
  const wakes = createWakes<Partition>()
  const faults = createFaults(saved?.faults, { partitions: all, sites: installation.sites })

  let now = options.now
  /** Where something is judged, and its settled time once a rule has asked for it: most readings concern no rule that does. */
  let place: Site
  let settled: Instant | undefined
  let current: Partition
  let conditions: Condition[] = []
  const out: Out = {
    get now() {
      return now
    },
    get settled() {
      settled ??= options.settled(place, now)
      return settled
    },
    condition(stated: Stated) {
      const { site, instance, claims } = current
      const graded = stated.severity !== undefined
      const condition: Condition = { site, instance, severity: instance.severity, ...stated, ...(graded && { graded }) }
      const { key, truth, at, severity, clearAfter = instance.clearAfter } = condition
      claim(claims, { key, truth, at, clearAfter }, { severity, now })
      conditions.push(condition)
    },
    wakeAt(at) {
      if (at < current.wake) {
        current.wake = at
        if (Number.isFinite(at)) wakes.push({ at, order: current.order, owner: current })
      }
    },
  }

  /** Every call into a rule goes through here: a rule that throws must not take the others down. */
  function guarded(partition: Partition, call: (partition: Partition) => void): void {
    current = partition
    try {
      call(partition)
    } catch (error) {
      fault(partition, error)
    }
  }

  /** The partition is left alone until a tick at which it is begun anew. */
  function fault(partition: Partition, error: unknown): void {
    faults.raise(partition, { error, now }, conditions)
    partition.wake = Number.POSITIVE_INFINITY
  }

  function beginAnew(partition: Partition): void {
    partition.dead = false
    goTo(partition.site)
    guarded(partition, (p) => {
      p.state = p.rule.begin(p.scope, out)
    })
  }

  function goTo(site: Site): void {
    place = site
    settled = undefined
  }

  function enter(site: Site, at: Instant, into: Condition[]): void {
    now = at
    goTo(site)
    conditions = into
  }

  const early: Condition[] = []
  conditions = early
  const declared = declaredIn(installation)
  const redeclared = redeclaring(saved?.declared, declared)
  const before = new Map(saved?.partitions.map(([key, ...rest]) => [key, rest]))
  for (const partition of all) {
    for (const point of partition.listens) heard[point.index]!.push(partition)
    if (partition.rule.move) moved[partition.site.index]!.push(partition)
    if (partition.rule.permit) permitted[partition.site.index]!.push(partition)
    if (partition.rule.link) linked[partition.site.index]!.push(partition)
    const kept = before.get(partition.key)
    if (kept?.[0] === partition.instance.lineage) {
      partition.claims = loadClaims(kept[3])
      for (const key of partition.claims.keys()) if (!concerns(key, partition)) partition.claims.delete(key)
    }
    if (partition.dead) continue
    goTo(partition.site)
    guarded(partition, (p) => {
      if (kept && kept[0] === p.instance.lineage) {
        p.state = p.rule.load(kept[2], p.scope)
        if (kept[1] !== null) out.wakeAt(kept[1])
        if (redeclared(p)) p.rule.redeclared?.(p.state, out)
      } else {
        p.state = p.rule.begin(p.scope, out)
      }
    })
  }

  // Rules that go on under another configuration hear whom it put elsewhere.
  for (const [id, { moves }] of crews) {
    const site = installation.sites.get(id)!
    goTo(site)
    for (const move of moves) {
      for (const partition of moved[site.index]!) {
        if (!partition.dead) guarded(partition, (p) => p.rule.move!(p.state, { ...move, ts: now }, out))
      }
    }
  }

  return {
    crew: (site) => crews.get(site),
    due() {
      const next = wakes.peek()?.at ?? Number.POSITIVE_INFINITY
      return Math.min(early.length > 0 ? 0 : next, faults.due())
    },
    begun(into) {
      into.push(...early.splice(0))
    },
    reading(given, into) {
      const { point } = given
      const listeners = heard[point.index]!
      const people = point.shape === 'sighting' || point.shape === 'passage'
      const welds = point.shape === 'session' || point.kind === 'weld.current'
      if (listeners.length === 0 && !people && !welds) return
      const reading = given.timing === 'early' ? onArrival(given) : given
      enter(point.site, reading.received, into)
      if (welds) weldings.get(point.siteId)!.apply(reading)
      const move = people ? crews.get(point.siteId)!.apply(reading) : undefined
      for (let i = 0; i < listeners.length; i++) {
        const partition = listeners[i]!
        if (partition.dead) continue
        current = partition
        // Written out, not through `guarded`: a closure a reading would be the most expensive thing here.
        try {
          partition.rule.reading!(partition.state, reading, out)
        } catch (error) {
          fault(partition, error)
        }
      }
      if (move) {
        for (const partition of moved[point.site.index]!) {
          if (!partition.dead) guarded(partition, (p) => p.rule.move!(p.state, move, out))
        }
      }
    },
    tick(at, into) {
      now = at
      conditions = into
      faults.tick(at, into, beginAnew)
      for (let next = wakes.peek(); next && next.at <= at; next = wakes.peek()) {
        wakes.pop()
        const { owner } = next
        // A later wish may have replaced this one.
        if (owner.wake !== next.at) continue
        owner.wake = Number.POSITIVE_INFINITY
        if (owner.dead || !owner.rule.wake) continue
        goTo(owner.site)
        guarded(owner, (p) => p.rule.wake!(p.state, out))
        // Asking for the present again would never end: it means the next tick.
        if (owner.wake <= at) {
          owner.wake = at + 1
          wakes.push({ at: owner.wake, order: owner.order, owner })
        }
      }
    },
    permit(command, at, into) {
      const site = installation.sites.get(command.site)
      if (!site) return
      enter(site, at, into)
      weldings.get(site.id)!.permit(command, at)
      for (const partition of permitted[site.index]!) {
        if (!partition.dead) guarded(partition, (p) => p.rule.permit!(p.state, command, out))
      }
    },
    link(command, at, into) {
      const site = installation.sites.get(command.site)
      if (!site) return
      enter(site, at, into)
      for (const partition of linked[site.index]!) {
        if (!partition.dead) guarded(partition, (p) => p.rule.link!(p.state, command, out))
      }
    },
    save(): Json {
      const crewStates: Record<string, Json> = {}
      const weldingStates: Record<string, Json> = {}
      for (const [id, crew] of crews) crewStates[id] = crew.save()
      for (const [id, welding] of weldings) weldingStates[id] = welding.save()
      return {
        crews: crewStates,
        weldings: weldingStates,
        declared: declared as unknown as Json,
        partitions: all.map((p) => [
          p.key,
          p.instance.lineage,
          Number.isFinite(p.wake) ? p.wake : null,
          p.dead ? null : p.rule.save(p.state),
          saveClaims(p.claims),
        ]),
        faults: faults.save(),
      }
    },
  }
}

/** A clock that runs ahead tells what is so as it arrives, lest a rule wait for a future that its device made up. */
function onArrival(reading: Reading): Reading {
  return { ...reading, ts: reading.received, claimed: reading.ts }
}
