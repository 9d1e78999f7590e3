/** RYSS and RYXX: who is where, and who holds which card. */
import type { Member } from '../../model/crew.ts'
import type { Sighting } from '../../model/reading.ts'
import { underground } from '../../model/site.ts'
import { DAY } from '../../model/time.ts'
import { type Cells, coded, type ExportView, written } from './view.ts'

/** Who has left is listed for so long. */
const LISTED = DAY

/** A whole snapshot, by card. Who is known from a gate only has no card that could be written. */
export function snapshotRecords(view: ExportView): Cells[] {
  return [...(view.crew?.members() ?? [])]
    .filter((member) => member.card !== undefined && (member.area || member.reader || view.now - member.ts < LISTED))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((member) => snapshotRecord(member, view))
}

function snapshotRecord(member: Member, view: ExportView): Cells {
  const { person, card, area, reader, since, ts, evidence } = member
  const name = person?.name ?? ''
  if (!reader) return { card: card!, name, flag: '2', left: written(ts, view) }
  const sighting = (evidence?.value ?? {}) as Partial<Sighting>
  return {
    card: card!,
    name,
    flag: !area || underground(area) ? '1' : '0',
    area: coded(area),
    areaSince: written(since, view),
    station: coded(reader),
    stationSince: written(ts, view),
    ...(sighting.distance !== undefined && { distance: String(sighting.distance) }),
    state: sighting.sos ? '求救' : '正常',
    leader: person?.role === 'leader' ? '是' : '否',
  }
}

/** One record a card. */
export function peopleRecords({ site }: ExportView): Cells[] {
  return [...site.people.values()].flatMap((person) =>
    person.cards.map((card) => ({
      card,
      name: person.name,
      trade: person.role ?? '',
      team: person.team ?? '',
      leader: person.role === 'leader' ? '是' : '否',
      special: person.certificate ? '是' : '否',
    })),
  )
}
