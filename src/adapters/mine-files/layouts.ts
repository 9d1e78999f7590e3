/** The types of files (文件类型) and the fields of their records, in order. */

/** How a cell is to be read; every form takes an empty cell unless the column is `required`. */
export type Form = 'text' | 'number' | 'time' | 'trail' | readonly string[]

export interface Column {
  readonly name: string
  readonly form: Form
  readonly required?: true
}

export interface Layout {
  /** Fields of the header: the mine's code first, the upload time last. */
  readonly header: number
  readonly columns: readonly Column[]
  /** Names as the video files have them: `{mine}_{kind of mine}_{type}_{time}_{four random signs}`. */
  readonly video?: true
}

const text = (name: string): Column => ({ name, form: 'text' })
const key = (name: string): Column => ({ name, form: 'text', required: true })
const number = (name: string): Column => ({ name, form: 'number' })
const time = (name: string): Column => ({ name, form: 'time' })
const word = (name: string, ...words: readonly string[]): Column => ({ name, form: words, required: true })

const layout = (...columns: readonly Column[]): Layout => ({ header: 3, columns })

/** 报警: card, name, entered the mine, alarm begins and ends, area and station with the times of entering them. */
const cardAlarm = layout(
  key('card'),
  text('name'),
  time('entered'),
  time('begin'),
  time('end'),
  text('area'),
  time('areaSince'),
  text('station'),
  time('stationSince'),
)

const stationState = layout(key('station'), word('state', '0', '1', '2', '9'), text('power'), time('time'))

/** Every type that is read. */
export const LAYOUTS = {
  /** 区域 */
  RYQY: layout(text('kind'), key('area'), number('limit'), text('name')),
  /** 基站 */
  RYJZ: layout(key('station'), text('name'), number('x'), number('y'), number('z'), text('note')),
  /** 人员. The header holds the approved number underground, model, system, maker and validity of the safety mark besides. */
  RYXX: {
    header: 8,
    columns: [
      key('card'),
      text('name'),
      text('trade'),
      text('post'),
      text('team'),
      text('born'),
      text('schooling'),
      text('leader'),
      text('special'),
    ],
  },
  /** 人员实时: a whole snapshot, not news. `flag`: 0 at the wellhead, 1 underground, 2 out. */
  RYSS: layout(
    key('card'),
    text('name'),
    word('flag', '0', '1', '2'),
    time('entered'),
    time('left'),
    text('area'),
    time('areaSince'),
    text('station'),
    time('stationSince'),
    text('shift'),
    number('distance'),
    text('state'),
    text('leader'),
    text('special'),
    { name: 'trail', form: 'trail' },
  ),
  /** 基站实时 */
  JZSS: stationState,
  /** 超时 */
  RYCS: cardAlarm,
  /** 超员 */
  RYCY: layout(
    text('kind'),
    number('limit'),
    number('count'),
    text('area'),
    time('begin'),
    time('end'),
    text('people'),
  ),
  /** 限制区域 */
  RYXZ: cardAlarm,
  /** 求救 */
  RYQJ: cardAlarm,
  /** 测点定义 */
  CDDY: layout(
    key('code'),
    text('system'),
    text('station'),
    text('sensor'),
    text('valueType'),
    text('unit'),
    number('top'),
    number('bottom'),
    number('alarmHigh'),
    number('alarmHighOff'),
    number('alarmLow'),
    number('alarmLowOff'),
    number('cutHigh'),
    number('restoreHigh'),
    number('cutLow'),
    number('restoreLow'),
    text('on'),
    text('off'),
    text('place'),
    number('x'),
    number('y'),
    number('z'),
    text('relation'),
    time('time'),
  ),
  /** 测点实时 */
  CDSS: layout(key('code'), text('sensor'), text('place'), text('value'), text('unit'), number('status'), time('time')),
  /** 异常报警 */
  YCBJ: layout(
    key('code'),
    text('sensor'),
    text('place'),
    text('unit'),
    text('kind'),
    time('begin'),
    time('end'),
    number('max'),
    time('maxAt'),
    number('min'),
    time('minAt'),
    number('mean'),
    text('cause'),
    text('measure'),
    time('entered'),
    text('by'),
    time('time'),
  ),
  /** 统计数据, of five minutes */
  TJSJ: layout(
    key('code'),
    text('sensor'),
    text('place'),
    text('unit'),
    time('begin'),
    time('end'),
    number('max'),
    time('maxAt'),
    number('min'),
    time('minAt'),
    number('mean'),
    time('time'),
  ),
  /** 分站定义 */
  FZDY: layout(key('station'), text('place'), number('x'), number('y')),
  /** 分站实时 */
  FZSS: stationState,
  /** 摄像信息 */
  SXYXX: {
    header: 4,
    video: true,
    columns: [
      text('mine'),
      text('type'),
      key('camera'),
      text('placeClass'),
      text('note'),
      number('x'),
      number('y'),
      number('z'),
      time('time'),
    ],
  },
  /** 摄像状态 */
  SXYST: {
    header: 4,
    video: true,
    columns: [text('mine'), text('type'), key('camera'), word('state', '0', '1'), time('time')],
  },
} as const satisfies Record<string, Layout>

export type FileType = keyof typeof LAYOUTS

export const FILE_TYPES = Object.keys(LAYOUTS) as readonly FileType[]

/** The columns of a type, in the order in which a sender writes them. */
export function columnsOf(type: FileType, layouts: Readonly<Record<string, readonly string[]>>): readonly Column[] {
  const columns: readonly Column[] = LAYOUTS[type].columns
  const own = layouts[type]
  if (!own) return columns
  return own.map((name) => columns.find((column) => column.name === name) ?? { name: '-', form: 'text' })
}
