/** Welding machines (焊机): whose points they are, what their chips say of the session, and how they are named. */
import type { Point } from '../model/point.ts'
import type { Reading, WeldStep } from '../model/reading.ts'
import type { Area } from '../model/site.ts'
import type { Text } from '../model/text.ts'
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

/** `unknown`: the chip has not been heard since the journal began. */
export type Lock = 'unknown' | 'scanned' | 'unlocked' | 'locked'

/** What a step of the chip makes of the lock: a scan alone opens nothing, a stop closes nothing. */
export function afterStep(lock: Lock, event: WeldStep['event']): Lock {
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
