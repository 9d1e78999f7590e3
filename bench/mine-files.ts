/** The files of a mine of full size, every rule configured: what a user would write, as text. */
import { RULES } from '../src/rules/index.ts'

/** A place of work and how many work there at a time. */
export interface Place {
  readonly area: string
  readonly kind: string
  readonly crew: number
}

const named = (count: number, { area, kind, crew }: Place): Place[] =>
  Array.from({ length: count }, (_, i) => ({ area: `${area}-${i}`, kind, crew }))

/** 660 people underground at a time, each crew a few below its limit. */
export const PLACES: readonly Place[] = [
  ...named(10, { area: 'face', kind: 'coal-face', crew: 23 }),
  ...named(10, { area: 'head', kind: 'heading-face', crew: 16 }),
  ...named(10, { area: 'maint', kind: 'maintenance-point', crew: 7 }),
  ...named(4, { area: 'road', kind: 'roadway', crew: 50 }),
]

export const READERS_A_PLACE = 3
export const WELDERS = 10

/** One line a rule; a rule that is not here is configured with its defaults. */
const ITEMS: Readonly<Record<string, readonly string[]>> = {
  'over-crew': [
    '{ id: crew/face, rule: over-crew, match: { kind: coal-face }, limit: 25, work: production, exclude: [leader], escalate: { factor: 1.2 }, handover: { around: 30m, limit: 50 } }',
    '{ id: crew/head, rule: over-crew, match: { kind: heading-face }, limit: 18 }',
    '{ id: crew/maint, rule: over-crew, match: { kind: maintenance-point }, limit: 8, count: shift }',
  ],
  limit: [
    '{ id: gas, rule: limit, match: { kind: gas.ch4 }, levels: [{ name: warning, high: 1, severity: major }, { name: cut, high: 1.5, clear: 1, severity: critical }] }',
    '{ id: co, rule: limit, match: { kind: gas.co }, levels: [{ name: warning, high: 24 }] }',
    '{ id: heat, rule: limit, match: { kind: env.temperature }, levels: [{ name: warning, high: 30, raiseAfter: 60s, clearAfter: 60s }] }',
    '{ id: wind, rule: limit, match: { kind: env.wind }, levels: [{ name: low, low: 0.25, raiseAfter: 30s }, { name: high, high: 8, raiseAfter: 30s }] }',
  ],
  rise: ['{ id: rise, rule: rise, match: { kind: gas.ch4 }, by: 0.8, window: 10m }'],
  unmonitored: [
    '{ id: unwatched, rule: unmonitored, match: { kind: [coal-face, heading-face, maintenance-point] }, require: [camera, gas] }',
  ],
  // Clocks of readers differ by up to a second, and a card is seen from as far as this.
  'card-conflict': ['{ id: conflict, rule: card-conflict, range: 40 }'],
  'head-count': ['{ id: heads, rule: head-count, tolerance: 3 }'],
  'not-evacuated': ['{ id: evacuate, rule: not-evacuated }'],
  restricted: ['{ id: restricted, rule: restricted, match: { kind: restricted } }'],
}

/** Every rule there is, so that a new one is measured from its first day on. */
export function everyRule(): string {
  const items = [...RULES.keys()].flatMap((rule) => ITEMS[rule] ?? [`{ id: ${rule}, rule: ${rule} }`])
  return `regulation: { id: bench, title: bench }\nrules:\n${items.map((item) => `  - ${item}\n`).join('')}`
}

interface Wanted {
  readonly id: string
  readonly points: number
  readonly status: string
}

/** Readers by place and number, equipment of every place, and sampled points for what is left. */
export function siteFile({ id, points: count, status }: Wanted): string {
  const lines: string[] = []
  const point = (text: string) => lines.push(`  - { ${text} }`)
  point('id: gate, kind: gate, area: surface')
  point('id: lamps, kind: count.lamps, area: surface')
  for (const [p, { area }] of PLACES.entries()) {
    for (let r = 0; r < READERS_A_PLACE; r++) {
      point(
        `id: readers/${area}-${r}, kind: card.reader, area: ${area}, at: [${(p % 6) * 200}, ${Math.floor(p / 6) * 200 + r * 60}, -400]`,
      )
    }
    point(`id: cameras/${area}, kind: device.state, area: ${area}, device: camera, silentAfter: 65m`)
    point(`id: feeders/${area}, kind: feeder.energized, area: ${area}`)
    point(`id: power/${area}, kind: power.active, unit: kW, load: conveyor, area: ${area}`)
  }
  for (let w = 0; w < WELDERS; w++) {
    point(`id: weld-${w}/current, kind: weld.current, unit: A, area: maint-${w}, machine: weld-${w}`)
    point(`id: weld-${w}/session, kind: weld.session, area: maint-${w}, machine: weld-${w}`)
  }
  for (let s = 0; lines.length < count; s++) {
    const [kind, range] = SAMPLED[s % SAMPLED.length]!
    point(`id: s/${s}, kind: ${kind}, area: ${PLACES[s % PLACES.length]!.area}, range: [0, ${range}], silentAfter: 60s`)
  }
  const areas = PLACES.map(({ area, kind }) => `  - { id: ${area}, kind: ${kind}, in: underground }`)
  return `site: ${id}
name: ${id}
kind: coal-mine
status: ${status}
timezone: Asia/Shanghai
shifts:
  - { id: early, from: "06:00", to: "14:00" }
  - { id: middle, from: "14:00", to: "22:00" }
  - { id: night, from: "22:00", to: "06:00", work: maintenance }
areas:
  - { id: surface, kind: surface }
  - { id: underground, kind: underground }
  - { id: goaf, kind: restricted, in: underground }
${areas.join('\n')}
points:
${lines.join('\n')}
people: ${id}.csv
`
}

/** Kinds of the sampled points by turns, methane the most, each with the top of its range. */
export const SAMPLED: readonly (readonly [kind: string, top: number])[] = [
  ['gas.ch4', 10],
  ['gas.ch4', 10],
  ['gas.ch4', 10],
  ['gas.co', 1_000],
  ['env.temperature', 60],
  ['env.wind', 15],
]

export function peopleFile(count: number): string {
  const rows = Array.from({ length: count }, (_, p) => {
    const role = p % 50 === 0 ? 'leader' : 'miner'
    return `p-${p},card-${p},n-${p},${role},team-${p % 30},${p % 10 === 0 ? 'welding,2027-12-31' : ','}`
  })
  return `person,card,name,role,team,certificate,expires\n${rows.join('\n')}\n`
}
