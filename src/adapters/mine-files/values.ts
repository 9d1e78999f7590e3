/** CDSS, the values of the points, and the states of stations and cameras (JZSS, FZSS, SXYST), into readings. */
import type { Point } from '../../model/point.ts'
import type { Value } from '../../model/reading.ts'
import { factorOf, scale } from '../../model/unit.ts'
import { type MineRecord, shown } from './decode.ts'
import { type FileReading, instantOf, type Reading, refOf, refuseRecord, stranger } from './meaning.ts'

/** Bits of a point's status, the one that says most first. 1 (报警) and 2 (断电) are the mine's own judgement of a good value. */
const STATUS_BITS = [
  [16, 'station-fault'],
  [128, 'fault'],
  [32, 'not-polled'],
  [64, 'paused'],
  [4, 'calibrating'],
  [8, 'over-range'],
] as const

/** Words of switches (开关量). */
const ON = new Set(['1', '开', '开启', '开机', '运行', '有电', '通', '打开', '报警', '有烟', 'on', 'true'])
const OFF = new Set(['0', '停', '停止', '停机', '关', '关闭', '无电', '断', '断电', '正常', '无烟', 'off', 'false'])

/** A value of its point's kind and unit, or a refusal; a bad status keeps the value and says what it is worth. */
export function readValues(reading: Reading): void {
  for (const record of reading.file.records) {
    const { code, value: cell, status: bits, time, unit } = record.cells as Record<string, string>
    const point = reading.codes.find(code!, 'number', 'boolean')
    if (!point) {
      stranger(code!, record, reading)
      continue
    }
    const value = cellValue(cell!, point)
    if (value === undefined) {
      refuseRecord(record, { code: 'record-field', why: `field value: ${shown(cell!)} for ${point.kind}` }, reading)
      continue
    }
    const factor = typeof value === 'number' ? factorOf({ from: unit!, to: point.unit ?? '' }) : 1
    if (factor === undefined) {
      const why = `field unit: ${shown(unit!)}, and ${point.id} is in ${point.unit}`
      refuseRecord(record, { code: 'record-unit', why }, reading)
      continue
    }
    const status = statusOf(bits!)
    if (status === null) {
      refuseRecord(record, { code: 'record-field', why: `field status: ${shown(bits!)} is no set of bits` }, reading)
      continue
    }
    const made: FileReading = {
      point: point.id,
      ts: instantOf(time, reading) ?? reading.at,
      value: typeof value === 'number' ? scale(value, factor) : value,
      ref: refOf(record, reading),
      ...(status !== undefined && { status }),
    }
    reading.meaning.readings.push(made)
  }
}

/** 0 normal, 1 interrupted, 2 faulty, 9 unknown: what is unknown is no state. Power supply is not read: its codes differ from mine to mine. */
export function readStations(reading: Reading): void {
  for (const record of reading.file.records) {
    const { station, state } = record.cells as Record<string, string>
    if (state === '9') tell(record, { code: station!, value: null, status: 'unknown' }, reading)
    else if (state === '0') tell(record, { code: station!, value: 'online' }, reading)
    else tell(record, { code: station!, value: 'offline', ...(state === '2' && { status: 'station-down' }) }, reading)
  }
}

/** 1 online, 0 offline. */
export function readCameras(reading: Reading): void {
  for (const record of reading.file.records) {
    const { camera, state } = record.cells as Record<string, string>
    tell(record, { code: camera!, value: state === '1' ? 'online' : 'offline' }, reading)
  }
}

function tell(
  record: MineRecord,
  { code, value, status }: { code: string; value: 'online' | 'offline' | null; status?: string },
  reading: Reading,
): void {
  const point = reading.codes.find(code, 'state')
  if (!point) {
    stranger(code, record, reading)
    return
  }
  const bad = value === null ? ({ quality: 'bad' } as const) : {}
  reading.meaning.readings.push({
    point: point.id,
    // These files are snapshots: a time of change, repeated for hours, would be late each time, and a camera that is there silent.
    ts: reading.at,
    value,
    ...bad,
    ...(status !== undefined && { status }),
    ref: refOf(record, reading),
  })
}

/** `null`: the cell is empty. `undefined`: it is no value of the point's kind. */
function cellValue(cell: string, { shape }: Point): Value | null | undefined {
  const text = cell.trim()
  if (text === '') return null
  if (shape === 'boolean') return ON.has(text.toLowerCase()) ? true : OFF.has(text.toLowerCase()) ? false : undefined
  return /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,2})?$/i.test(text) ? Number(text) : undefined
}

/** `undefined`: nothing against the value. `null`: no set of bits. */
function statusOf(cell: string): string | undefined | null {
  const bits = cell === '' ? 0 : Number(cell)
  if (!Number.isInteger(bits) || bits < 0 || bits > 255) return null
  return STATUS_BITS.find(([bit]) => (bits & bit) !== 0)?.[1]
}
