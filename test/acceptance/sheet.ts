/** Timelines for `davy replay`: each promise is a site of its own, and a file's promises share one run of the command. */
import { afterAll, beforeAll, test } from 'vitest'
import { davy, type House, house, type Json, type Told } from './house-rig.ts'

/** A line of input at `t` seconds after the timeline's start. `arrives`: seconds, where that is not `t`. */
export type Line = Json & { readonly t: number; readonly arrives?: number }

export interface Timeline {
  /** Areas, points, shifts and so on; the site's id is given by the sheet. */
  readonly site: Json
  /** Rows of the people file. */
  readonly people?: readonly string[]
  /** Rules for this site alone. */
  readonly rules: readonly Json[]
  /** [2026-05-01T08:00:00+08:00] */
  readonly start?: string
  readonly lines: readonly Line[]
}

export interface Result {
  readonly told: readonly Told[]
  /** `60 raised face 26/25 major`: seconds since the start, cause, key, value/limit, severity. */
  readonly brief: readonly string[]
  readonly site: string
  /** Seconds since the timeline's start. */
  readonly seconds: (at: string) => number
}

export interface Sheet {
  /** One test, named after the promise it keeps. */
  promise(name: string, timeline: Timeline, check: (result: Result) => void): void
}

const START = '2026-05-01T08:00:00+08:00'
const REGULATION = { id: 'yuzhou-2024', title: 'Yuzhou work-safety plan' }

/** `until`: seconds after the last timeline's start at which the clock stops. */
export function sheet({ until = 4 * 3600 }: { until?: number } = {}): Sheet {
  const timelines: { id: string; from: number; timeline: Timeline }[] = []
  let results: Map<string, Told[]>
  let rented: House

  beforeAll(async () => {
    const sites = timelines.map(({ id, timeline: { site, people } }) => [
      `sites/${id}.yaml`,
      { site: id, kind: 'coal-mine', ...site, ...(people && { people: `${id}.csv` }) },
    ])
    const books = timelines
      .filter(({ timeline }) => timeline.people)
      .map(({ id, timeline }) => [
        `sites/${id}.csv`,
        `person,card,name,role,team,certificate,expires\n${timeline.people!.join('\n')}\n`,
      ])
    const rules = timelines.flatMap(({ id, timeline }) =>
      timeline.rules.map((rule) => ({
        ...rule,
        id: `${id}/${rule.id ?? rule.rule}`,
        match: { ...(rule.match as Json), site: id },
      })),
    )
    rented = house({
      ...Object.fromEntries([...sites, ...books]),
      'rules/pack.yaml': { regulation: REGULATION, rules },
    })
    const lines = timelines.flatMap(({ id, from, timeline }) => timeline.lines.map((line) => written(line, id, from)))
    lines.sort((a, b) => a.arrival - b.arrival)
    const input = lines.map(({ text }) => `${text}\n`).join('')
    const end = Math.max(...timelines.map(({ from }) => from)) + until * 1000
    const ended = await davy(
      ['replay', '--config', rented.config, '--input', '-', '--until', new Date(end).toISOString()],
      input,
    )
    if (ended.code !== 0) throw new Error(`davy replay ended with ${ended.code}: ${ended.err}`)
    results = Map.groupBy(
      ended.out
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Told),
      ({ site }) => site,
    )
  })
  afterAll(() => rented?.remove())

  return {
    promise(name, timeline, check) {
      const id = `s${timelines.length + 1}`
      const from = Date.parse(timeline.start ?? START)
      timelines.push({ id, from, timeline })
      test(name, () => {
        const told = results.get(id) ?? []
        const seconds = (at: string) => (Date.parse(at) - from) / 1000
        check({ told, brief: told.map((t) => brief(t, seconds)), site: id, seconds })
      })
    },
  }
}

function brief({ at, cause, key, value, limit, severity }: Told, seconds: (at: string) => number): string {
  const measure = value === undefined ? '' : ` ${value}${limit === undefined ? '' : `/${limit}`}`
  return `${seconds(at)} ${cause} ${key}${measure} ${severity}`
}

/** `alarm` of a command is written without its site; a reading carries its arrival, so that other timelines cannot shift it. */
function written({ t, arrives = t, ...rest }: Line, site: string, from: number): { arrival: number; text: string } {
  const arrival = from + Math.round(arrives * 1000)
  const ts = new Date(from + Math.round(t * 1000)).toISOString()
  const line =
    'command' in rest
      ? { ...rest, alarm: `${site}/${site}/${rest.alarm}`, ts }
      : { site, ts, ...rest, received: arrival }
  return { arrival, text: JSON.stringify(line) }
}

/** Sightings of `n` cards, `prefix` 1 to n, by one reader at one instant. */
export function sightings(
  n: number,
  { t, reader, prefix = 'c' }: { t: number; reader: string; prefix?: string },
): Line[] {
  return Array.from({ length: n }, (_, i) => sighting(t, reader, `${prefix}${i + 1}`))
}

export function sighting(t: number, reader: string, card: string, more: Json = {}): Line {
  return { t, point: reader, value: { card, ...more } }
}
