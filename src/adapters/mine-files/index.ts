/** Mine files (煤矿数据文件): a folder into which mining systems, or an SFTP server, drop their text files. */
import type { Adapter } from '../../model/ports.ts'
import { MineFilesSettings } from './settings.ts'
import { MineFilesSource } from './source.ts'
import { watchedOf } from './watched.ts'

export const mineFiles: Adapter<MineFilesSettings> = {
  name: 'mine-files',
  title: { zh: '煤矿数据文件（监视目录）', en: 'Mine files in a watched folder' },
  settings: MineFilesSettings,
  check: (given, { name }) => void watchedOf(given, name),
  create: (given, context) => new MineFilesSource(watchedOf(given, context.name), context),
}
