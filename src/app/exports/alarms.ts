/** RYCS, RYCY, RYXZ, RYQJ and YCBJ: alarms that stand, or have ended and wait for their acknowledgement. */
import type { AlarmRecord } from '../../model/ports.ts'
import { placeOf } from './points.ts'
import type { ExportedType } from './settings.ts'
import { type Cells, coded, type ExportView, written } from './view.ts'

type Writer = (alarm: AlarmRecord, view: ExportView) => Cells | undefined

/** Whose alarms each type holds. */
const TYPES: Readonly<Partial<Record<ExportedType, { readonly rule: string; readonly write: Writer }>>> = {
  RYCS: { rule: 'overstay', write: ({ last }, view) => ofPerson(last.key, view) },
  RYXZ: { rule: 'restricted', write: ({ last }, view) => ofPerson(last.key.slice(0, last.key.lastIndexOf('@')), view) },
  RYQJ: { rule: 'sos', write: ({ last }, view) => ofCard(last.key, view) },
  RYCY: {
    rule: 'over-crew',
    write({ last }, { site, crew }) {
      const area = site.areas.get(last.key)
      if (!area) return undefined
      const cards = (crew?.inside(area) ?? []).flatMap(({ card }) => (card === undefined ? [] : [card]))
      return {
        kind: last.severity,
        limit: String(last.limit ?? ''),
        count: String(last.value ?? ''),
        area: coded(area),
        people: cards.join(','),
      }
    },
  },
  YCBJ: {
    rule: 'limit',
    write({ last }, view) {
      const point = view.site.points.get(last.key.slice(0, last.key.lastIndexOf(':')))
      if (!point) return undefined
      return {
        code: coded(point),
        sensor: point.kind,
        place: placeOf(point),
        unit: point.unit ?? '',
        // 超限报警
        kind: '001',
        max: String(last.value ?? ''),
        maxAt: written(last.at, view),
        cause: last.text.zh ?? '',
        time: written(view.now, view),
      }
    },
  },
}

/** `undefined` for types that are not of alarms. */
export function alarmRecords(type: ExportedType, view: ExportView): Cells[] | undefined {
  const found = TYPES[type]
  if (!found) return undefined
  return view.standing
    .filter(({ last }) => last.rule === found.rule)
    .flatMap((alarm) => {
      const cells = found.write(alarm, view)
      return cells ? [{ begin: written(alarm.raised, view), end: written(alarm.cleared, view), ...cells }] : []
    })
}

function ofPerson(id: string, view: ExportView): Cells | undefined {
  const member = view.crew?.member(id)
  const card = member?.card ?? view.site.people.get(id)?.cards[0]
  return card === undefined ? undefined : ofCard(card, view)
}

function ofCard(card: string, view: ExportView): Cells {
  const { site, crew } = view
  const person = site.cards.get(card)
  const member = crew?.member(person?.id ?? `card:${card}`)
  // Whoever is out is at no station: the alarm may stand here, and must not put them back there.
  const end = member && !member.reader ? { end: written(member.ts, view) } : {}
  return {
    card,
    name: person?.name ?? '',
    area: coded(member?.area),
    areaSince: written(member?.area && member.since, view),
    station: coded(member?.reader),
    stationSince: written(member?.reader && member.ts, view),
    ...end,
  }
}
