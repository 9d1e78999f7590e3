/** Keeps a site's welding sessions, arcs and permits: facts that outlive any rule item, as who is where does. */
import type { PermitCommand } from '../model/command.ts'
import type { EntryRef } from '../model/entry.ts'
import type { Json } from '../model/json.ts'
import type { Reading, WeldStep } from '../model/reading.ts'
import { entryRef } from '../model/rule.ts'
import type { Site } from '../model/site.ts'
import { DAY, type Duration, type Instant, MINUTE } from '../model/time.ts'
import { amended, type MachineFacts, type Permit, permitEnd, type Session, type Welding } from '../model/welding.ts'
import { loadRef, saveRef } from './evidence.ts'
import { ARC, ground, loadSession, machineOf, saveSession, takeStep } from './welding.ts'

/** After a longer break work is work anew: the shortest break after which the gas is tested again. */
const BREAK = 30 * MINUTE
/** What ended is worth a word for so long. */
const WORTH: Duration = DAY

/** The engine's writable side of `Welding`. */
export interface WeldingKeeper extends Welding {
  /** Takes in a live or early reading of a session or a current. */
  apply(reading: Reading): void
  permit(command: PermitCommand, now: Instant): void
  save(): Json
}

interface Known extends MachineFacts {
  readonly session: Session
  readonly currents: Map<string, EntryRef>
  work?: { from: Instant; last: Instant }
}

type SavedMachine = readonly [id: string, session: Json, currents: readonly Json[], work: Known['work'] | null]

export function createWelding(site: Site, saved?: Json): WeldingKeeper {
  const machines = new Map<string, Known>()
  const permits = new Map<string, Permit>()

  function knownOf(id: string): Known {
    let known = machines.get(id)
    if (!known) {
      known = { session: ground(), currents: new Map() }
      machines.set(id, known)
    }
    return known
  }

  function arc(known: Known, reading: Reading): void {
    const { point, value, quality, ts } = reading
    if (typeof value !== 'number' || quality === 'bad') {
      known.currents.delete(point.id)
      return
    }
    // A doubtful word does not put an arc out.
    if (quality !== 'good' && value <= ARC) return
    known.currents.set(point.id, entryRef(reading))
    if (value <= ARC) return
    if (!known.work || ts - known.work.last > BREAK) known.work = { from: ts, last: ts }
    else known.work.last = Math.max(known.work.last, ts)
  }

  if (saved) {
    const state = saved as unknown as { machines: readonly SavedMachine[]; permits: readonly Permit[] }
    const declared = new Set([...site.points.values()].map(machineOf))
    for (const [id, session, currents, work] of state.machines) {
      if (!declared.has(id)) continue
      const refs = currents.map((one) => loadRef(one, site)!).filter(({ point }) => site.points.has(point.id))
      machines.set(id, {
        session: loadSession(session, site),
        currents: new Map(refs.map((ref) => [ref.point.id, ref])),
        ...(work && { work: { ...work } }),
      })
    }
    for (const permit of state.permits) permits.set(permit.id, permit)
  }

  return {
    machine: (id) => machines.get(id),
    permits: () => permits.values(),
    apply(reading) {
      const { point, quality, value, ts } = reading
      const known = knownOf(machineOf(point))
      if (point.kind === 'weld.current') return arc(known, reading)
      if (quality === 'bad' || value === null) return
      const step = value as WeldStep
      // What is doubtful may close a session but not open one.
      const good = quality === 'good'
      if (good || step.event === 'lock') takeStep(known.session, { ts, step, ref: entryRef(reading), good })
      else if (step.event === 'unlock' || step.event === 'start') known.session.doubted = entryRef(reading)
    },
    permit(command, now) {
      if (command.state === 'closed') permits.delete(command.permit)
      else permits.set(command.permit, amended(permits.get(command.permit), command))
      for (const permit of permits.values()) {
        if (permitEnd(permit) + WORTH < now) permits.delete(permit.id)
      }
    },
    save: () =>
      ({
        machines: [...machines].map(([id, { session, currents, work }]) => [
          id,
          saveSession(session),
          [...currents.values()].map(saveRef),
          work ? { ...work } : null,
        ]),
        permits: [...permits.values()],
      }) as unknown as Json,
  }
}
