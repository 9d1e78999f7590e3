/** Welding machines (焊机): whose points they are, what their chips say of the session, and how they are named. */
import type { EntryRef } from '../model/entry.ts'
import type { Json } from '../model/json.ts'
import type { Point } from '../model/point.ts'
import type { Reading, WeldStep } from '../model/reading.ts'
import type { Scope } from '../model/rule.ts'
import type { Area, Site } from '../model/site.ts'
import type { Text } from '../model/text.ts'
import type { Instant } from '../model/time.ts'
import type { Lock, Session } from '../model/welding.ts'
import { loadRef, saveRef } from './evidence.ts'
import { areaName } from './names.ts'

/** Amperes beyond which a current is an arc, unless a pack says otherwise. */
export const ARC = 20

/** The machine of a welding point; a point that names none is a machine by itself. */
export function machineOf(point: Point): string {
  const { machine } = point.attributes
  return machine === undefined ? point.id : String(machine)
}

/** Machines of some points, in the order in which they are first named. */
export function machinesOf(points: readonly Point[]): ReadonlyMap<string, readonly Point[]> {
  return Map.groupBy(points, machineOf)
}

/** Nothing heard yet. */
export function ground(): Session {
  return { lock: 'unknown', lockedAt: 0 }
}

/** What a step of the chip makes of the lock: a scan alone opens nothing, a stop closes nothing. */
function afterStep(lock: Lock, event: WeldStep['event']): Lock {
  switch (event) {
    case 'scan':
      return lock === 'unlocked' ? lock : 'scanned'
    case 'unlock':
      return 'unlocked'
    case 'start':
      // Heard first of all, it tells of an unlock before the journal began; after a scan or a lock it opens nothing.
      return lock === 'unknown' ? 'unlocked' : lock
    case 'stop':
      return lock
    case 'lock':
      return 'locked'
  }
}

/** What a lock takes away, also a doubtful one: what the session allows. */
const ALLOWED = ['scanned', 'scan', 'permit'] as const
/** What only a lock that nobody doubts ends: that somebody works, who perhaps should not. */
const AT_WORK = ['opened', 'person', 'named'] as const

/** Takes the next step of a machine's chip into its session. `good`: nobody doubts it. Of doubtful steps only a lock may be taken where
 *  a session allows something. */
export function takeStep(
  session: Session,
  { ts, step: { event, person, permit }, ref, good }: { ts: Instant; step: WeldStep; ref: EntryRef; good: boolean },
): void {
  session.lock = afterStep(session.lock, event)
  session.step = ref
  if (good && event !== 'scan' && event !== 'stop') delete session.doubted
  if (event === 'scan') {
    set(session, 'scanned', person)
    set(session, 'scan', person === undefined ? undefined : ref)
  } else if (event === 'lock') {
    session.lockedAt = ts
    for (const field of ALLOWED) delete session[field]
    if (good) for (const field of AT_WORK) delete session[field]
  } else if (event !== 'stop') {
    const running = event === 'start' && session.opened ? session.person : undefined
    set(session, 'person', person ?? running ?? session.scanned)
    if (person !== undefined) session.named = ref
    else if (running === undefined) set(session, 'named', session.scan)
    session.opened = ref
    if (permit !== undefined) session.permit = permit
  }
}

function set<F extends 'scanned' | 'scan' | 'person' | 'named'>(
  session: Session,
  field: F,
  value: Session[F] | undefined,
): void {
  if (value === undefined) delete session[field]
  else session[field] = value
}

/** The session as a snapshot keeps it. */
export function saveSession({ step, opened, scan, named, doubted, ...rest }: Readonly<Session>): Json {
  return [rest, ...[step, opened, scan, named, doubted].map(saveRef)] as unknown as Json
}

/** What `saveSession` kept. */
export function loadSession(saved: Json, site: Site): Session {
  const [rest, ...refs] = saved as unknown as readonly [Session, ...Json[]]
  const [step, opened, scan, named, doubted] = refs.map((ref) => loadRef(ref, site))
  return {
    ...rest,
    ...(step && { step }),
    ...(opened && { opened }),
    ...(scan && { scan }),
    ...(named && { named }),
    ...(doubted && { doubted }),
  }
}

/** A machine and its place: `weld-01 (Welding bay 1 (bay-1))`. */
export function machineName(machine: string, area: Area | undefined): Text {
  if (!area) return { zh: `焊机 ${machine}`, en: `Welding machine ${machine}` }
  const { zh, en } = areaName(area)
  return { zh: `${zh}焊机 ${machine}`, en: `Welding machine ${machine} at ${en}` }
}

/** What a reading of a current says of the arc, or `undefined` where it says nothing new. `heard` keeps what each point last said. */
export function hearArc(
  { point, value, quality }: Reading,
  { heard, arc }: { heard: Map<string, boolean>; arc: number },
): boolean | 'unknown' | undefined {
  const before = heard.get(point.id)
  if (typeof value !== 'number' || quality === 'bad') {
    heard.delete(point.id)
    // Whether it still burns is not known: that neither raises nor clears.
    return before ? 'unknown' : undefined
  }
  const on = value > arc
  if (on === before || (!on && quality !== 'good')) return undefined
  heard.set(point.id, on)
  return on
}

/** A machine's arcs that burn as a rule item begins, as the site knows them; each of its points has then been heard. */
export function burningNow(
  { welding, points }: Pick<Scope<unknown>, 'welding' | 'points'>,
  { machine: { id, heard }, arc }: { machine: { id: string; heard: Map<string, boolean> }; arc: number },
): readonly EntryRef[] {
  const own = new Set(points.map((point) => point.id))
  const refs = [...(welding.machine(id)?.currents.values() ?? [])].filter(
    ({ point, value }) => own.has(point.id) && (value as number) > arc,
  )
  for (const { point } of refs) heard.set(point.id, true)
  return refs
}
