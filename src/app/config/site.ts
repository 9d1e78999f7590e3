/** One site's file, checked by itself: what it declares, with the places of its parts. */
import type { Shift } from '../../model/shift.ts'
import { textOf } from '../../model/text.ts'
import { DAY, HOUR, MINUTE, zoneExists } from '../../model/time.ts'
import { conform, type Finding } from './conform.ts'
import type { Path, YamlFile } from './document.ts'
import type { People } from './people.ts'
import { at, type Place, type Problems } from './problem.ts'
import { type AreaDeclared, type PointDeclared, type SiteDeclared, SiteSchema } from './site-schema.ts'

/** A part that passed its own checks. */
export interface Declared<T> {
  readonly value: T
  readonly path: Path
}

/** One site's declarations, not yet joined up. */
export interface SiteDraft {
  readonly id: string
  readonly yaml: YamlFile
  readonly header: SiteDeclared
  readonly shifts: readonly Shift[]
  readonly areas: readonly Declared<AreaDeclared>[]
  readonly points: readonly Declared<PointDeclared>[]
  readonly people: People
  /** Its head is broken: its parts are checked, and the site is left out. */
  readonly headless: boolean
  /** Ids of areas, and of points, that are declared and broken: who names them is not at fault. */
  readonly spoilt: {
    readonly areas: ReadonlySet<string>
    readonly points: ReadonlySet<string>
    /** Two areas have one id: what one of them was to be called is not known. */
    readonly twins: boolean
    /** Areas that broken parts name, and where. */
    readonly named: readonly Declared<string>[]
  }
}

/** Broken areas and points are left out. */
export function draftSite(yaml: YamlFile, problems: Problems): Omit<SiteDraft, 'people'> | undefined {
  if (yaml.value === null || yaml.value === undefined) {
    problems.error(yaml.place([]), 'the file is empty; a site begins with `site: its-id`')
    return undefined
  }
  const { value, findings } = conform(yaml.value, SiteSchema)
  report(findings, { yaml, problems })
  if (typeof value !== 'object' || value === null) return undefined
  const parts = new Set(['areas', 'points'])
  const broken = new Set(findings.map(({ path }) => `${path[0]}/${path[1]}`))
  let headless = findings.some(({ path }) => !parts.has(String(path[0])) || path.length < 2)
  const header = value as SiteDeclared
  const id = typeof header.site === 'string' ? header.site : siteOf(yaml.file)
  const named = { ...header, site: id }
  const intact = <T>(name: 'areas' | 'points') =>
    (Array.isArray(header[name]) ? (header[name] as T[]) : [])
      .map((part, i) => ({ value: part, path: [name, i] }))
      .filter(({ path }) => !broken.has(path.join('/')))
  const spoilt = (name: 'areas' | 'points') =>
    (Array.isArray(header[name]) ? (header[name] as unknown[]) : [])
      .map((part, i) => ({ fields: (part ?? {}) as Readonly<Record<string, unknown>>, path: [name, i] }))
      .filter(({ path }) => broken.has(path.join('/')))
  const spoiltIds = (name: 'areas' | 'points') =>
    new Set(spoilt(name).flatMap(({ fields: { id: own } }) => (typeof own === 'string' ? [own] : [])))
  const namedBy = (name: 'areas' | 'points', key: string) =>
    spoilt(name).flatMap(({ fields: { [key]: area }, path }) =>
      typeof area === 'string' ? [{ value: area, path: [...path, key] }] : [],
    )
  if (typeof header.timezone === 'string' && !zoneExists(header.timezone)) {
    problems.error(
      yaml.place(['timezone']),
      `unknown time zone "${header.timezone}"; use an IANA name such as Asia/Shanghai`,
    )
    headless = true
  }
  const areas = unique(intact<AreaDeclared>('areas'), { what: 'area', yaml, problems })
  const points = unique(intact<PointDeclared>('points'), { what: 'point', yaml, problems }).filter(
    ({ value, path }) => {
      if (value.range && value.range[0] >= value.range[1]) {
        problems.error(yaml.place([...path, 'range']), 'the first value of a range must be the smaller one')
        return false
      }
      if (value.id === 'alarms' || value.id.startsWith('alarms/')) {
        problems.error(yaml.place([...path, 'id']), '"alarms/" is where alarms are published; choose another id')
        return false
      }
      return true
    },
  )
  return {
    id,
    yaml,
    header: named,
    shifts:
      !Array.isArray(header.shifts) || findings.some(({ path }) => path[0] === 'shifts')
        ? []
        : shiftsOf(header, { yaml, problems }),
    areas,
    points,
    headless,
    spoilt: {
      areas: spoiltIds('areas'),
      points: spoiltIds('points'),
      twins: areas.length < intact('areas').length,
      named: [...namedBy('areas', 'in'), ...namedBy('points', 'area')],
    },
  }
}

/** The id of a site that does not give one: its file's name. */
export function siteOf(file: string): string {
  return file.replace(/^.*\//, '').replace(/\.ya?ml$/, '')
}

/** Turns findings into problems of a file; `under` is where in the file the value that was judged stands. */
export function report(
  findings: readonly Finding[],
  { yaml, problems, under = [] }: { yaml: YamlFile; problems: Problems; under?: Path },
): void {
  for (const { path, at: what, message } of findings) problems.error(yaml.place([...under, ...path], what), message)
}

function unique<T extends { readonly id: string }>(
  parts: readonly Declared<T>[],
  { what, yaml, problems }: { what: string; yaml: YamlFile; problems: Problems },
): readonly Declared<T>[] {
  const first = new Map<string, Place>()
  return parts.filter(({ value, path }) => {
    const place = yaml.place([...path, 'id'])
    const before = first.get(value.id)
    if (before) problems.error(place, `${what} "${value.id}" is already declared at ${at(before)}`)
    else first.set(value.id, place)
    return !before
  })
}

function shiftsOf(
  { shifts }: SiteDeclared,
  { yaml, problems }: { yaml: YamlFile; problems: Problems },
): readonly Shift[] {
  const parts = unique(
    shifts.map((value, i) => ({ value, path: ['shifts', i] })),
    { what: 'shift', yaml, problems },
  )
  const kept: Shift[] = []
  for (const { value, path } of parts) {
    const shift: Shift = {
      id: value.id,
      ...(value.name !== undefined && { name: textOf(value.name, value.id) }),
      from: timeOfDay(value.from),
      to: timeOfDay(value.to),
      work: value.work,
    }
    const other = kept.find((before) => overlap(before, shift))
    if (other) problems.error(yaml.place(path), `shift "${shift.id}" overlaps shift "${other.id}"`)
    else kept.push(shift)
  }
  return kept
}

function overlap(a: Shift, b: Shift): boolean {
  const length = (shift: Shift) => shift.to - shift.from + (shift.to <= shift.from ? DAY : 0)
  return [-DAY, 0, DAY].some((day) => a.from < b.from + day + length(b) && b.from + day < a.from + length(a))
}

/** Milliseconds since midnight of `06:00`; midnight itself for `24:00`. */
export function timeOfDay(text: string): number {
  const [hours, minutes] = text.split(':').map(Number)
  return (hours! * HOUR + minutes! * MINUTE) % DAY
}
