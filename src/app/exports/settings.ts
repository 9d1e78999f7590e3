/** `exports:` in davy.yaml: what is written upward (bureau → province) as mine files, where to, and how often. */
import Type, { type Static } from 'typebox'
import { DialectSettings } from '../../adapters/mine-files/settings.ts'
import { DurationSchema } from '../../model/duration-schema.ts'
import { FolderSchema } from '../../model/path-schema.ts'

const every = (fallback: string, description: string) => DurationSchema({ default: fallback, description })

export const ExportSettings = Type.Object({
  folder: FolderSchema({
    description: 'Where the files are put, for somebody to collect; it must be there',
  }),
  site: Type.String({ minLength: 1, description: 'Site whose state is written' }),
  mine: Type.String({
    pattern: '^\\d{1,40}$',
    expects: 'a code of digits, in quotes',
    description: 'Mine code (煤矿编码)',
  }),
  dialect: DialectSettings,
  most: Type.Integer({
    default: 20_000,
    minimum: 10,
    description: 'Files that may wait in the folder: beyond, nothing more is written until some are collected',
  }),
  every: Type.Object(
    {
      RYSS: every('1m', 'Who is where (人员实时)'),
      JZSS: every('1m', 'Stations (基站实时): points `device: station` or `device: reader`'),
      CDSS: every('30s', 'Values (测点实时)'),
      RYCS: every('30s', 'Overstay (超时) that stands or has just ended'),
      RYCY: every('30s', 'Over-crew (超员)'),
      RYXZ: every('30s', 'Restricted areas (限制区域)'),
      RYQJ: every('30s', 'Calls for help (求救)'),
      YCBJ: every('30s', 'Limits (异常报警)'),
      CDDY: every('24h', 'Points (测点定义)'),
      RYXX: every('24h', 'People and cards (人员)'),
    },
    { description: 'Periods, by type; alarm types are written only where there is something to say' },
  ),
})

export type ExportSettings = Static<typeof ExportSettings>
export type ExportedType = keyof ExportSettings['every']
