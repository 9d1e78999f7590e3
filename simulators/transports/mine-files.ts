/** A mining system that uploads text files: what its devices say is kept, and written as snapshots into the folder that a source watches. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { codeOf } from '../../src/adapters/mine-files/codes.ts'
import type { Dialect } from '../../src/adapters/mine-files/dialect.ts'
import { encodeFile } from '../../src/adapters/mine-files/encode.ts'
import { writeName } from '../../src/adapters/mine-files/file-name.ts'
import type { FileType } from '../../src/adapters/mine-files/layouts.ts'
import { writeStamp, writeTime } from '../../src/adapters/mine-files/local-time.ts'
import type { Point } from '../../src/model/point.ts'
import type { Sighting } from '../../src/model/reading.ts'
import type { Site } from '../../src/model/site.ts'
import type { Duration, Instant } from '../../src/model/time.ts'
import type { SimulatedReading } from '../gateway.ts'
import type { Transport } from './transport.ts'

export interface MineFilesTransportOptions {
  readonly folder: string
  readonly site: Site
  readonly mine: string
  readonly dialect: Dialect
  /** As the system clock. */
  readonly clock: { now(): Instant; every(period: Duration, call: () => void): { cancel(): void } }
  readonly every?: Duration
  readonly onNotice?: (notice: string) => void
}

type Cells = Readonly<Record<string, string>>

/** Carries the points that have a `code`; the folder is made where it is not there. */
export function createMineFilesTransport(options: MineFilesTransportOptions): Transport {
  const { folder, site, mine, dialect, clock, every = 5_000, onNotice = () => {} } = options
  const cards = new Map<string, { readonly point: Point; readonly sighting: Sighting; readonly ts: Instant }>()
  const values = new Map<Point, SimulatedReading>()
  const coded = (id: string) => {
    const point = site.points.get(id)
    return point?.attributes.code === undefined || point.shape === 'passage' || point.shape === 'session'
      ? undefined
      : point
  }
  mkdirSync(folder, { recursive: true })

  function write(type: FileType, records: readonly Cells[]): void {
    if (records.length === 0) return
    const now = clock.now()
    const header = [mine, site.name.zh, ...(type === 'SXYST' ? [type] : []), writeTime(now, site.timezone)]
    const file = writeName({ mine, type, stamp: writeStamp(now, site.timezone) }, dialect)
    try {
      writeFileSync(join(folder, `.${file}.part`), encodeFile({ type, header, records }, dialect).bytes)
      renameSync(join(folder, `.${file}.part`), join(folder, file))
    } catch (error) {
      onNotice(`${folder}: ${(error as Error).message}`)
    }
  }

  function writeAll(): void {
    write('RYSS', snapshot())
    const said = [...values]
    write(
      'CDSS',
      said
        .filter(([{ shape }]) => shape === 'number' || shape === 'boolean')
        .map(([point, { value, ts }]) => ({
          code: codeOf(point),
          place: point.area?.name.zh ?? '',
          value: value === null ? '' : typeof value === 'boolean' ? (value ? '开' : '停') : String(value),
          unit: point.unit ?? '',
          status: value === null ? '128' : '0',
          time: writeTime(ts, site.timezone),
        })),
    )
    write(
      'SXYST',
      said
        .filter(([{ shape }]) => shape === 'state')
        .map(([point, { value }]) => ({
          mine,
          type: '1',
          camera: codeOf(point),
          state: value === 'online' ? '1' : '0',
        })),
    )
  }

  function snapshot(): Cells[] {
    return [...cards].map(([card, { point, sighting, ts }]) => {
      if (sighting.gone) cards.delete(card)
      return {
        card,
        name: site.cards.get(card)?.name ?? '',
        flag: sighting.gone ? '2' : '1',
        left: sighting.gone ? writeTime(ts, site.timezone) : '',
        station: codeOf(point),
        stationSince: writeTime(ts, site.timezone),
        distance: sighting.distance === undefined ? '' : String(sighting.distance),
        state: sighting.sos ? '求救' : '正常',
      }
    })
  }

  const writing = clock.every(every, writeAll)
  return {
    carries: (reading) => reading.site === site.id && coded(reading.point) !== undefined,
    send(readings) {
      for (const reading of readings) {
        const point = coded(reading.point)!
        const { value } = reading
        if (point.shape !== 'sighting') values.set(point, reading)
        else if (value !== null) {
          const sighting = value as Sighting
          cards.set(sighting.card, { point, sighting, ts: reading.ts })
        }
      }
    },
    async stop() {
      writing.cancel()
      writeAll()
    },
  }
}
