/** What a transition says of the desk around it, as far as it says so: what notifications ask beside what every transition has. */
import type { Transition } from '../../model/alarm.ts'

export interface Marks {
  /** Set while people are not to be told: shelved, suppressed, out of service. */
  readonly hush?: unknown
  /** It comes and goes faster than anybody can act. */
  readonly chattering?: boolean
  /** The alarm under which it is told, such as a flood's. */
  readonly group?: string
  /** The duty desk that is called now, and its level in the duty tree. */
  readonly desk?: string
  readonly level?: string
}

export function marksOf(transition: Transition): Marks {
  return transition as Transition & Marks
}
