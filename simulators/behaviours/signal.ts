/** A quantity that lives: it breathes with the day and with the work, and can be driven along a course. */
import { DAY, type Duration, type Instant, MINUTE, SECOND } from '../../src/model/time.ts'
import type { Random } from '../random.ts'

/** A pure function of the instant, about -1 to 1. */
export type Ripple = (at: Instant) => number

/** Slow waves that never repeat exactly: what all instruments of one place share. */
export function createRipple(random: Random, [fastest, slowest]: readonly [Duration, Duration]): Ripple {
  const waves = Array.from({ length: 4 }, () => ({
    period: random.between(fastest, slowest),
    phase: random.between(0, 2 * Math.PI),
  }))
  return (at) => waves.reduce((sum, w) => sum + Math.sin((at / w.period) * 2 * Math.PI + w.phase), 0) / waves.length
}

/** Highest in the afternoon of a day in China, lowest at night. */
export function diurnal(at: Instant): number {
  return Math.sin(((at + 2 * 60 * MINUTE) / DAY) * 2 * Math.PI)
}

/** Where a quantity is to be, so long after the beginning; straight between, `undefined` ends at what is normal. */
export type Course = readonly (readonly [after: Duration, value: number | undefined])[]

export interface Signal {
  at(instant: Instant): number
  /** From what it is now through the course; a new one replaces the old. */
  drive(now: Instant, course: Course): void
}

/** `normal` must be pure. */
export function createSignal(normal: (at: Instant) => number): Signal {
  let course: (readonly [Instant, number | undefined])[] = []

  function at(instant: Instant): number {
    const next = course.findIndex(([when]) => when > instant)
    if (next <= 0) {
      if (course.length > 0 && next < 0) {
        const last = course.at(-1)![1]
        if (last !== undefined) return last
        course = []
      }
      return normal(instant)
    }
    const [from, a] = course[next - 1]!
    const [to, b] = course[next]!
    const part = (instant - from) / (to - from)
    const usual = normal(instant)
    return (a ?? usual) * (1 - part) + (b ?? usual) * part
  }

  return {
    at,
    drive(now, steps) {
      course = [[now, at(now)], ...steps.map(([after, value]) => [now + Math.max(SECOND, after), value] as const)]
    },
  }
}
