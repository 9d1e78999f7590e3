/** A watched folder is a source: its peer is whoever drops files, and a file moved away is its acknowledgement. */
import { readdirSync, readFileSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { mineFiles } from '../../src/adapters/mine-files/index.ts'
import { dropFolder, GAS, MINE, mineFile, mineSite } from '../../src/adapters/mine-files/mine.fixture.ts'
import { MineFilesSettings } from '../../src/adapters/mine-files/settings.ts'
import { conform } from '../../src/app/config/conform.ts'
import { describeSource, noWire, type SourceHarness } from './source.ts'

const AT_ONCE = 16

/** Watches of this process on a folder, as the kernel counts them. */
function watchesOf(folder: string): number {
  const inode = `ino:${statSync(folder).ino.toString(16)} `
  return readdirSync('/proc/self/fdinfo').reduce((sum, fd) => {
    try {
      return sum + readFileSync(join('/proc/self/fdinfo', fd), 'utf8').split(inode).length - 1
    } catch {
      // The one that listed the folder is closed by now.
      return sum
    }
  }, 0)
}

async function folder(): Promise<SourceHarness> {
  const drop = dropFolder()
  const sites = new Map([['baoyuan', mineSite()]])
  const { value } = conform(
    { folder: drop.folder, mines: { [MINE]: 'baoyuan' }, every: '20ms', atOnce: AT_ONCE },
    MineFilesSettings,
  )
  const source = mineFiles.create(value as MineFilesSettings, {
    name: 'files',
    now: Date.now,
    sites: () => sites,
    log: () => {},
  })
  const away = `${drop.folder}-away`
  const began = Math.floor(Date.now() / 1_000) * 1_000 - 86_400_000
  let next = 1
  return {
    source,
    async emit(n) {
      const values = Array.from({ length: n }, () => next++)
      for (const value of values) {
        drop.drop(mineFile({ type: 'CDSS', at: began + value * 1_000, records: [{ code: GAS, value: String(value) }] }))
      }
      return values
    },
    async emitBad() {
      drop.drop({ file: `${MINE}_CDSS_20260501080000.txt`, bytes: 'no header~||' })
    },
    async losePeer() {
      renameSync(drop.folder, away)
    },
    async restorePeer() {
      renameSync(away, drop.folder)
    },
    acknowledged: () => drop.done().length + drop.rejected().length,
    connections: () => watchesOf(drop.folder),
    async close() {
      drop.remove()
    },
  }
}

describeSource('mine-files', folder, {
  burst: 150,
  bound: AT_ONCE * 2,
  gaps: noWire('a folder is read, not a wire; halved and spoilt files are among its own tests'),
})
