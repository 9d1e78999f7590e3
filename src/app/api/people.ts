/** People and points as a role may see them: below operator, names, numbers and cards are masked. */
import type { Member } from '../../model/crew.ts'
import type { Point } from '../../model/point.ts'
import type { Reading } from '../../model/reading.ts'
import type { Site } from '../../model/site.ts'
import { type Text, textOf } from '../../model/text.ts'
import { formatDuration, formatInstant } from '../../model/time.ts'
import type { Masking } from '../privacy/masking.ts'
import type { PointView } from '../service.ts'
import type { LevelBody, PersonBody, PointBody } from './schemas.ts'

/** Everybody who is somewhere on the site, by area, then by id. */
export function peopleBodies(
  members: Iterable<Member>,
  { site, masking }: { site: Site; masking: Masking | undefined },
): PersonBody[] {
  const present = [...members].filter((member) => member.area !== undefined)
  present.sort((a, b) => compare(a.area!.id, b.area!.id) || compare(a.id, b.id))
  return present.map((member) => personBody(member, { site, masking }))
}

function personBody(member: Member, { site, masking }: { site: Site; masking: Masking | undefined }): PersonBody {
  const { id, person, card, area, reader, since, ts } = member
  const shown = (plain: string) => masking?.number(site.id, plain) ?? plain
  return {
    person: shown(id),
    ...(person && { name: masking?.name(site.id, person) ?? person.name }),
    ...(card !== undefined && { card: shown(card) }),
    ...(person?.role !== undefined && { role: person.role }),
    ...(person?.team !== undefined && { team: person.team }),
    area: area!.id,
    ...(reader && { reader: reader.id }),
    since: formatInstant(since, site.timezone),
    ts: formatInstant(ts, site.timezone),
  }
}

export function pointBody(
  point: Point,
  {
    view,
    masking,
    levels,
  }: { view: PointView; masking: Masking | undefined; levels?: readonly LevelBody[] | undefined },
): PointBody {
  const { id, kind, unit, area, range, silentAfter, attributes, site } = point
  const { reading, lastGood, clockAhead, state } = view
  const { place, name } = attributes
  return {
    id,
    ...(name !== undefined && { name: textOf(name as Text, id) }),
    kind,
    ...(unit !== undefined && { unit }),
    ...(area && { area: area.id }),
    ...(typeof place === 'string' && { place }),
    ...(range && { range: [...range] }),
    ...(levels && { levels: [...levels] }),
    ...(silentAfter !== undefined && { silentAfter: formatDuration(silentAfter) }),
    state,
    ...(reading && lastValue(reading, masking)),
    ...(lastGood !== undefined && { lastGood: formatInstant(lastGood, site.timezone) }),
    ...(clockAhead !== undefined && { clockAheadMs: clockAhead }),
  }
}

function lastValue({ value, quality, status, ts, received, point }: Reading, masking: Masking | undefined) {
  const zone = point.site.timezone
  return {
    value: masking ? masking.value(point.siteId, value) : value,
    quality,
    ...(status !== undefined && { status }),
    ts: formatInstant(ts, zone),
    received: formatInstant(received, zone),
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
