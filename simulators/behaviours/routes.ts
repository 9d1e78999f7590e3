/** The way from one reader to another, past those between, and how long each stretch takes. */
import type { Site } from '../../src/model/site.ts'
import { type Duration, SECOND } from '../../src/model/time.ts'
import type { Layout } from '../estate.ts'

/** Metres a second in a cage; on foot it is the walker's own. */
const CAGE = 6

export interface Routes {
  /** Readers passed after `from`, `to` the last of them; empty where there is no way, or none to go. */
  between(from: string, to: string): readonly string[]
  /** How long a stretch takes at a gait in metres a second. */
  time(from: string, to: string, gait: number): Duration
}

export function createRoutes(site: Site, layout: Layout): Routes {
  const neighbours = new Map<string, string[]>()
  const link = (a: string, b: string) => neighbours.set(a, [...(neighbours.get(a) ?? []), b])
  for (const [a, b] of layout.passages) {
    link(a, b)
    link(b, a)
  }
  const distance = (a: string, b: string) => {
    const [from, to] = [site.points.get(a)?.at, site.points.get(b)?.at]
    return from && to ? Math.hypot(...from.map((metre, i) => metre - to[i]!)) : 100
  }

  return {
    between(from, to) {
      const best = new Map<string, { length: number; before?: string }>([[from, { length: 0 }]])
      const open = new Set([from])
      while (open.size > 0) {
        const here = [...open].reduce((a, b) => (best.get(b)!.length < best.get(a)!.length ? b : a))
        open.delete(here)
        if (here === to) break
        for (const next of neighbours.get(here) ?? []) {
          const length = best.get(here)!.length + distance(here, next)
          if (length >= (best.get(next)?.length ?? Number.POSITIVE_INFINITY)) continue
          best.set(next, { length, before: here })
          open.add(next)
        }
      }
      const path: string[] = []
      for (let step: string | undefined = to; step !== undefined && step !== from; step = best.get(step)?.before) {
        if (!best.has(step)) return []
        path.unshift(step)
      }
      return path
    },
    time(from, to, gait) {
      const caged = from === layout.lamp || to === layout.lamp
      return (distance(from, to) / (caged ? CAGE : gait)) * SECOND
    },
  }
}
