/** A running export: one site's state as mine files, each type at its period. */

import { encodeFile } from '../../adapters/mine-files/encode.ts'
import { writeName } from '../../adapters/mine-files/file-name.ts'
import { LAYOUTS } from '../../adapters/mine-files/layouts.ts'
import { writeStamp, writeTime } from '../../adapters/mine-files/local-time.ts'
import { checkedDialect } from '../../adapters/mine-files/watched.ts'
import { DavyError } from '../../model/errors.ts'
import { SECOND } from '../../model/time.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Service } from '../service.ts'
import { alarmRecords } from './alarms.ts'
import { peopleRecords, snapshotRecords } from './people.ts'
import { definitionRecords, stationRecords, valueRecords } from './points.ts'
import type { ExportedType, ExportSettings } from './settings.ts'
import type { Cells, ExportView } from './view.ts'
import { countWaiting, writeWhole } from './write.ts'

export interface ExportParts {
  readonly service: Pick<Service, 'crew' | 'point' | 'standing' | 'installation'>
  readonly clock: Clock
  readonly log: Log
}

export interface Export {
  /** Resolves once what is being written is written. */
  stop(): Promise<void>
}

/** Begins to write. Throws `settings-invalid` where the site is not configured or the mine's code is not of the dialect. */
export function startExport(settings: ExportSettings, { service, clock, log }: ExportParts): Export {
  const { folder, site: id, mine, most } = settings
  const dialect = checkedDialect(settings.dialect, `exports: ${id}`)
  if (!service.installation().sites.has(id)) throw unfit(id, 'the site is not configured', 'name a site of sites/')
  if (mine.length !== dialect.mineDigits) {
    throw unfit(id, `mine ${mine} has not ${dialect.mineDigits} digits`, 'name its code, or set `dialect.mineDigits`')
  }
  const faults = new Set<string>()
  let tail: Promise<void> = Promise.resolve()

  async function write(type: ExportedType): Promise<void> {
    const site = service.installation().sites.get(id)
    if (!site) return
    const now = clock.now()
    const view: ExportView = {
      site,
      now,
      crew: service.crew(id),
      standing: service.standing(id),
      point: (point) => service.point(id, point),
    }
    const records = recordsOf(type, view)
    if (!records) return
    if ((await countWaiting(folder)) >= most) {
      throw new Error(`${most} files wait to be collected; nothing more is written until some are`)
    }
    const time = writeTime(now, site.timezone)
    const { zh, en } = site.name
    const fields = Array.from({ length: LAYOUTS[type].header - 3 }, () => '')
    const header = [mine, zh ?? en ?? id, ...fields, time]
    const { bytes, left } = encodeFile({ type, header, records }, dialect)
    // By its place: what stands there may be somebody's name.
    for (const { record, field } of left)
      fault(`${type}: ${field} of record ${record} cannot be written in this dialect`, `${type} ${field}`)
    await writeWhole(folder, { file: writeName({ mine, type, stamp: writeStamp(now, site.timezone) }, dialect), bytes })
    faults.delete(`${type}:`)
  }

  /** Said once until it is over. */
  function fault(message: string, key = message): void {
    if (faults.has(key) || faults.size > 1_000) return
    faults.add(key)
    log.warn(`export of ${id} to ${folder}: ${message}`)
  }

  const timers = (Object.entries(settings.every) as [ExportedType, number][]).map(([type, period]) => {
    const run = () => {
      // One after another: two files of a type and a second would have one name.
      tail = tail.then(() => write(type)).catch((error: unknown) => fault(String((error as Error).message), `${type}:`))
    }
    run()
    return clock.every(Math.max(period, SECOND), run)
  })
  return {
    async stop() {
      for (const timer of timers) timer.cancel()
      await tail
    },
  }
}

/** `undefined`: nothing to say. */
function recordsOf(type: ExportedType, view: ExportView): readonly Cells[] | undefined {
  switch (type) {
    case 'RYSS':
      return snapshotRecords(view)
    case 'RYXX':
      return peopleRecords(view)
    case 'CDSS':
      return valueRecords(view)
    case 'CDDY':
      return definitionRecords(view)
    case 'JZSS':
      return nonempty(stationRecords(view))
    default:
      return nonempty(alarmRecords(type, view) ?? [])
  }
}

function nonempty(records: readonly Cells[]): readonly Cells[] | undefined {
  return records.length > 0 ? records : undefined
}

function unfit(site: string, message: string, remedy: string): DavyError {
  return new DavyError('settings-invalid', { message, where: `exports: ${site}`, remedy })
}
