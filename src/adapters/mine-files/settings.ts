/** Settings of a source of mine files: the watched folder, whose files are whose, and how they are written. */
import Type, { type Static } from 'typebox'
import { DurationSchema } from '../../model/duration-schema.ts'
import { FolderSchema } from '../../model/path-schema.ts'

const mark = (description: string) => Type.Optional(Type.String({ minLength: 1, maxLength: 8, description }))

/** Also the dialect of an export. */
export const DialectSettings = Type.Object(
  {
    preset: Type.Union([Type.Literal('national'), Type.Literal('inner-mongolia'), Type.Literal('kj1031x')], {
      default: 'national',
      description: 'The dialect to start from',
    }),
    field: mark('Between two fields'),
    record: mark('After the header and after every record'),
    end: mark('After the last record'),
    prefix: Type.Optional(Type.String({ maxLength: 8, description: 'Before the type in file names, such as N' })),
    mineDigits: Type.Optional(Type.Integer({ minimum: 1, maximum: 40, description: "Digits of a mine's code" })),
    extension: Type.Optional(
      Type.String({
        pattern: '^\\.\\w{1,8}$',
        expects: 'such as .txt',
        description: 'Of file names; any case is read',
      }),
    ),
    encoding: Type.Optional(
      Type.Union([Type.Literal('auto'), Type.Literal('utf-8'), Type.Literal('gb18030')], {
        description: 'Code page; `auto` looks at the bytes, and writes UTF-8',
      }),
    ),
    lineBreaks: Type.Optional(
      Type.Union([Type.Literal('ignore'), Type.Literal('refuse')], {
        description: 'Line breaks: dropped, or a reason to refuse the file',
      }),
    ),
    marksInText: Type.Optional(
      Type.Union([Type.Literal('widen'), Type.Literal('refuse')], {
        description: 'Written texts that hold a mark: in full-width signs, or the record is left out',
      }),
    ),
    layouts: Type.Optional(
      Type.Record(Type.String(), Type.Array(Type.String()), {
        description: 'Another order of fields, by type; `-` is a field that is not read',
      }),
    ),
  },
  { additionalProperties: false, description: 'How the files are written' },
)

const MineSettings = Type.Union(
  [
    Type.String({ minLength: 1 }),
    Type.Object(
      {
        site: Type.String({ minLength: 1, description: 'Id of the site' }),
        gate: Type.Optional(
          Type.String({
            minLength: 1,
            description: 'Point of kind `gate` that ways in and out of the mine are told to',
          }),
        ),
      },
      { additionalProperties: false },
    ),
  ],
  { expects: 'a site, or { site: …, gate: … }' },
)

export const MineFilesSettings = Type.Object(
  {
    folder: FolderSchema({
      description: 'Watched folder; it must be there. `done/` and `rejected/` are made in it',
    }),
    mines: Type.Record(Type.String(), MineSettings, { description: 'Site of each mine code (煤矿编码)' }),
    dialect: DialectSettings,
    every: DurationSchema({
      default: '5s',
      description: 'Between two looks into the folder where nothing wakes us before',
    }),
    incompleteAfter: DurationSchema({
      default: '10m',
      description: 'A file that has not grown for so long and still has no end mark is refused',
    }),
    quietAfter: DurationSchema({ default: '15m', description: 'The link is down where no file came for so long' }),
    keep: DurationSchema({ default: '7d', description: 'How long `done/` and `rejected/` keep a file' }),
    atOnce: Type.Integer({ default: 8, minimum: 1, maximum: 100, description: 'Files read and not yet journaled' }),
    maxSize: Type.Integer({
      default: 8_388_608,
      minimum: 1_024,
      maximum: 268_435_456,
      description: 'Largest file, bytes',
    }),
  },
  { additionalProperties: false },
)

export type DialectSettings = Static<typeof DialectSettings>
export type MineFilesSettings = Static<typeof MineFilesSettings>
export type MineSettings = Static<typeof MineSettings>
