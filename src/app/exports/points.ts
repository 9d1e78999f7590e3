/** CDSS, CDDY and JZSS: values, definitions and states of points. */
import type { Point } from '../../model/point.ts'
import type { Value } from '../../model/reading.ts'
import { type Cells, coded, type ExportView, written } from './view.ts'

/** 状态: what a reading's status is in bits. A status of ours that has none is a faulty sensor. */
const BITS: Readonly<Record<string, number>> = {
  calibrating: 4,
  'over-range': 8,
  'station-fault': 16,
  'not-polled': 32,
  paused: 64,
  fault: 128,
}
const ALARM = 1
const FAULT = 128
const NOT_POLLED = 32

const measured = ({ site }: ExportView) =>
  [...site.points.values()].filter(({ shape }) => shape === 'number' || shape === 'boolean')

/** A point nobody has heard for long keeps its last value and says that it is not polled: the reader must not take it for news. */
export function valueRecords(view: ExportView): Cells[] {
  const alarmed = new Set(
    view.standing
      .filter(({ last, state }) => last.rule === 'limit' && (state === 'unacked' || state === 'acked'))
      .map(({ last }) => last.key.slice(0, last.key.lastIndexOf(':'))),
  )
  return measured(view).map((point) => {
    const { reading, state } = view.point(point.id)
    let status = alarmed.has(point.id) ? ALARM : 0
    if (reading?.status !== undefined && BITS[reading.status] !== undefined) status |= BITS[reading.status]!
    else if (reading?.quality === 'bad') status |= FAULT
    else if (!reading || state === 'silent') status |= NOT_POLLED
    return {
      code: coded(point),
      sensor: point.kind,
      place: placeOf(point),
      value: valueText(reading?.value ?? null),
      unit: point.unit ?? '',
      status: String(status),
      time: written(reading?.ts ?? view.now, view),
    }
  })
}

export function definitionRecords(view: ExportView): Cells[] {
  return measured(view).map((point) => {
    const { range, at } = point
    const place = at && { x: String(at[0]), y: String(at[1]), z: String(at[2]) }
    return {
      code: coded(point),
      sensor: point.kind,
      valueType: point.shape === 'number' ? 'MN' : 'KG',
      unit: point.unit ?? '',
      ...(range && { bottom: String(range[0]), top: String(range[1]) }),
      ...(point.shape === 'boolean' && { on: '开', off: '停' }),
      place: placeOf(point),
      ...place,
      time: written(view.now, view),
    }
  })
}

/** Stations and readers whose state is a point. Power supply is not known. */
export function stationRecords(view: ExportView): Cells[] {
  return [...view.site.points.values()]
    .filter(({ kind, attributes }) => kind === 'device.state' && /^(station|reader)$/.test(String(attributes.device)))
    .map((point) => {
      const { reading, state } = view.point(point.id)
      const known = reading?.value !== undefined && reading.value !== null && state !== 'silent'
      return {
        station: coded(point),
        state: known ? (reading.value === 'online' ? '0' : '1') : '9',
        power: '9',
        time: written(reading?.ts ?? view.now, view),
      }
    })
}

export function placeOf({ area, id }: Point): string {
  return area ? area.name.zh : id
}

function valueText(value: Value | null): string {
  return value === null ? '' : typeof value === 'boolean' ? (value ? '开' : '停') : String(value)
}
