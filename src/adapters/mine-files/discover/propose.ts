/** A site file and a people file to start from, out of what a folder of mine files tells. */
import { areaKindOf, idOf, kindOf } from './guess.ts'
import type { Survey } from './survey.ts'

export interface Proposal {
  /** `sites/{id}.yaml`. */
  readonly site: string
  /** `sites/{id}.people.csv`. */
  readonly people: string
}

/** Codes of areas are the first digits of the codes of their stations. */
const AREA_DIGITS = 16

export function propose(
  { mine, name, areas, readers, stations, points, cameras, cards }: Survey,
  id: string,
): Proposal {
  const taken = new Set(['underground'])
  const lines = [
    `# Proposed from the files of mine ${mine}: read it through, above all kinds, areas and units.`,
    `site: ${text(id)}`,
    `name: { zh: ${text(name || id)} }`,
    'kind: coal-mine',
    'lateAfter: 6m # above the upload period of the snapshots',
    'areas:',
    '  - { id: underground, kind: underground }',
  ]
  const areaIds = new Map<string, string>()
  for (const [code, { name: called = '', kind = '', limit = '' }] of areas) {
    const area = idOf(called, { taken, fallback: code })
    areaIds.set(code, area)
    const guessed = areaKindOf(kind, called)
    const under = guessed === 'surface' ? '' : ', in: underground'
    const approved = limit === '' ? '' : `, approved: ${Number(limit)}`
    lines.push(
      `  - { id: ${text(area)}, kind: ${guessed}${under}, code: ${text(code)}${approved}, name: { zh: ${text(called || code)} } }`,
    )
  }
  lines.push('points:', '  - { id: gates/wellhead, kind: gate }')
  const ids = new Set(['gates/wellhead'])
  const point = (prefix: string, called: string, rest: readonly string[], code: string) => {
    const own = new Set(
      [...ids].filter((one) => one.startsWith(`${prefix}/`)).map((one) => one.slice(prefix.length + 1)),
    )
    const pointId = `${prefix}/${idOf(called, { taken: own, fallback: code })}`
    ids.add(pointId)
    lines.push(`  - { id: ${text(pointId)}, ${[...rest, `code: ${text(code)}`].join(', ')} }`)
  }
  for (const [code, { name: called = '', x = '', y = '', z = '', flag }] of readers) {
    const area = areaIds.get(code.slice(0, AREA_DIGITS))
    const at = x !== '' && y !== '' && z !== '' ? [`at: [${Number(x)}, ${Number(y)}, ${Number(z)}]`] : []
    // A record of RYSS names a person, not a station.
    const title = flag === undefined ? called : ''
    point('readers', title, ['kind: card.reader', ...placed(area), ...at, ...named(title)], code)
  }
  for (const [code, { place = '' }] of stations) {
    point('stations', place, ['kind: device.state', 'device: station', ...named(place)], code)
  }
  for (const [code, { note = '' }] of cameras) {
    point('cameras', note, ['kind: device.state', 'device: camera', 'silentAfter: 65m', ...named(note)], code)
  }
  const unknown: string[] = []
  for (const [code, { sensor = '', place = '', unit = '', top = '', bottom = '' }] of points) {
    const kind = kindOf(sensor, code)
    if (!kind) {
      unknown.push(`  # ${oneLine(`${code} ${sensor} ${place} ${unit}`)}`)
      continue
    }
    const range =
      top !== '' && bottom !== '' && Number(top) > Number(bottom) ? [`range: [${Number(bottom)}, ${Number(top)}]`] : []
    const measured = unit === '' ? [] : [`unit: ${text(unit)}`]
    point('sensors', `${place} ${sensor}`, [`kind: ${kind}`, ...measured, ...range, ...named(place)], code)
  }
  if (unknown.length > 0) lines.push('  # Of no kind that is known:', ...unknown)
  if (cards.size > 0) lines.push(`people: ${text(`${id}.people.csv`)}`)
  return { site: `${lines.join('\n')}\n`, people: peopleOf(cards) }
}

function peopleOf(cards: Survey['cards']): string {
  const rows = [...cards].map(([card, { name = '', trade = '', team = '', leader = '' }], i) => {
    const role = /^(是|1|y)/i.test(leader) ? 'leader' : trade
    return [`p-${String(i + 1).padStart(4, '0')}`, card, name, role, team, '', ''].map(csv).join(',')
  })
  return `${['person,card,name,role,team,certificate,expires', ...rows].join('\n')}\n`
}

const placed = (area: string | undefined) => (area === undefined ? ['area: underground'] : [`area: ${text(area)}`])
const named = (name: string) => (name === '' ? [] : [`name: { zh: ${text(name)} }`])

/** JSON's strings are YAML's. */
function text(value: string): string {
  return JSON.stringify(value)
}

function oneLine(value: string): string {
  return value.replace(/\s+/g, ' ').trim()
}

function csv(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
