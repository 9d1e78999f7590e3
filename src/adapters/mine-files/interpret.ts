/** Which reader each type of file has. */
import type { Site } from '../../model/site.ts'
import { compareAreas, compareDevices, comparePeople, comparePoints, tellAlarms } from './compare.ts'
import type { MineFile } from './decode.ts'
import { begin, type Meaning } from './meaning.ts'
import { type Cards, readCalls, readSnapshot } from './snapshot.ts'
import { readCameras, readStations, readValues } from './values.ts'

export interface Under {
  readonly site: Site
  readonly gate: string | undefined
  /** What the snapshots before said; the next ones are read against it. */
  readonly cards: Cards
}

export function interpret(file: MineFile, { site, gate, cards }: Under): Meaning {
  const reading = begin(file, site)
  switch (file.name.type) {
    case 'RYSS':
      readSnapshot(reading, { cards, gate })
      break
    case 'RYQJ':
      readCalls(reading, { cards })
      break
    case 'CDSS':
      readValues(reading)
      break
    case 'JZSS':
    case 'FZSS':
      readStations(reading)
      break
    case 'SXYST':
      readCameras(reading)
      break
    case 'RYXX':
      comparePeople(reading)
      break
    case 'RYQY':
      compareAreas(reading)
      break
    case 'RYJZ':
    case 'FZDY':
      compareDevices(reading, 'station')
      break
    case 'SXYXX':
      compareDevices(reading, 'camera')
      break
    case 'CDDY':
      comparePoints(reading)
      break
    case 'RYCS':
    case 'RYCY':
    case 'RYXZ':
    case 'YCBJ':
      tellAlarms(reading)
      break
    // Statistics of five minutes are the mine's own sums over what CDSS has told.
    case 'TJSJ':
  }
  return reading.meaning
}
