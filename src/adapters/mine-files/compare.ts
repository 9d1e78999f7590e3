/** Master data (基础数据) held against the configuration: it never changes it, its differences are told. And the mine's own alarms, told too. */
import type { Area, Site } from '../../model/site.ts'
import { factorOf } from '../../model/unit.ts'
import { codeOf } from './codes.ts'
import type { Reading } from './meaning.ts'

type Cells = Readonly<Record<string, string>>

/** RYXX: cards without a person, and one card with two names, which a real file had. */
export function comparePeople({ file, site, meaning }: Reading): void {
  const names = new Map<string, string>()
  for (const { cells } of file.records) {
    const { card = '', name = '' } = cells
    const before = names.get(card)
    if (before !== undefined && before !== name) {
      meaning.notices.push(`RYXX: card ${card} is listed twice, as ${masked(before)} and as ${masked(name)}`)
    }
    names.set(card, name)
    const person = site.cards.get(card)
    if (!person) meaning.notices.push(`RYXX: card ${card} (${masked(name)}) belongs to nobody in the people file`)
    else if (name !== '' && person.name !== name) {
      meaning.notices.push(`RYXX: card ${card} is ${masked(name)}'s there and ${masked(person.name)}'s here`)
    }
  }
}

/** RYJZ, FZDY and SXYXX: stations and cameras without a point. */
export function compareDevices({ file, codes, meaning }: Reading, field: 'station' | 'camera'): void {
  const { type } = file.name
  for (const { cells } of file.records) {
    const code = cells[field] ?? ''
    const found = type === 'RYJZ' ? codes.find(code, 'sighting') : codes.find(code, 'state')
    if (!found) meaning.notices.push(`${type}: ${code} (${said(cells)}) has no point`)
  }
}

/** RYQY: areas that nothing has the code of. */
export function compareAreas({ file, site, codes, meaning }: Reading): void {
  const known = areaCodes(site)
  for (const { cells } of file.records) {
    const { area = '', limit = '' } = cells
    if (!known.has(area) && !codes.find(area, 'sighting')) {
      const most = limit === '' ? '' : `, approved for ${limit} people`
      meaning.notices.push(`RYQY: area ${area} (${said(cells)}${most}) has no area and no reader`)
    }
  }
}

/** CDDY: points that are not configured, or in another unit or range. */
export function comparePoints({ file, codes, meaning }: Reading): void {
  for (const { cells } of file.records) {
    const { code = '', unit = '', top = '', bottom = '' } = cells
    const point = codes.find(code, 'number', 'boolean')
    if (!point) {
      meaning.notices.push(`CDDY: ${code} (${said(cells)}) has no point`)
      continue
    }
    const factor = point.shape === 'number' ? factorOf({ from: unit, to: point.unit ?? '' }) : 1
    if (factor === undefined)
      meaning.notices.push(`CDDY: ${code} is in ${unit} there, and ${point.id} in ${point.unit}`)
    if (factor !== 1 || !point.range || top === '' || bottom === '') continue
    const [low, high] = point.range
    if (Number(bottom) !== low || Number(top) !== high) {
      meaning.notices.push(`CDDY: ${code} measures ${bottom} to ${top} there, and ${point.id} ${low} to ${high}`)
    }
  }
}

/** What the mine's own system says is wrong: evidence beside our own rules, never an alarm of ours. */
export function tellAlarms({ file, meaning }: Reading): void {
  for (const { cells } of file.records) {
    const { type } = file.name
    const subject = cells.card ?? cells.code ?? cells.area ?? ''
    const kind = cells.kind ? ` kind ${cells.kind},` : ''
    const end = cells.end ? `to ${cells.end}` : 'and goes on'
    meaning.notices.push(`${type}: the mine's own alarm:${kind} ${subject}, from ${cells.begin || '?'} ${end}`)
  }
}

/** Codes of the areas, as their attribute `code` or their id says. */
function areaCodes(site: Site): ReadonlyMap<string, Area> {
  return new Map([...site.areas.values()].map((area) => [codeOf(area), area]))
}

function said({ name, place, note }: Cells): string {
  return (name ?? place ?? note ?? '').slice(0, 60)
}

/** A log is read by more people than a people file: the family name is enough. */
function masked(name: string): string {
  const [first = '?'] = name
  return `${first}**`
}
