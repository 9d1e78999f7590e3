/** The columns of a list of hazards, as they are written and as they are read: by their key, or by either language's title. */
import type { Hazard, HazardGrade, HazardState } from '../../model/hazard.ts'
import type { Site } from '../../model/site.ts'
import type { Text } from '../../model/text.ts'
import { formatInstant, HOUR } from '../../model/time.ts'
import type { Cell } from '../sheet/table.ts'

export const STATE_WORDS: Readonly<Record<HazardState, Text>> = {
  open: { zh: '未整改', en: 'open' },
  assigned: { zh: '整改中', en: 'assigned' },
  rectified: { zh: '待验收', en: 'rectified' },
  verified: { zh: '已验收', en: 'verified' },
  closed: { zh: '已销号', en: 'closed' },
}
export const GRADE_WORDS: Readonly<Record<HazardGrade, Text>> = {
  major: { zh: '重大', en: 'major' },
  general: { zh: '一般', en: 'general' },
}
export const SOURCE_WORDS: Readonly<Record<Hazard['source'], Text>> = {
  alarm: { zh: '报警', en: 'alarm' },
  inspection: { zh: '检查', en: 'inspection' },
  report: { zh: '举报', en: 'report' },
}
const LEVEL_WORDS = { county: '县级 county', city: '市级 city', province: '省级 province' } as const

interface Column {
  readonly key: string
  readonly title: Text
  readonly cell: (hazard: Hazard, site: Site | undefined) => Cell
}

const both = ({ zh, en }: Text) => (zh === en ? zh : `${zh} ${en}`)
const time = (at: number | undefined, site: Site | undefined) =>
  at === undefined ? undefined : formatInstant(at, site?.timezone)

export const HAZARD_COLUMNS: readonly Column[] = [
  { key: 'hazard', title: { zh: '编号', en: 'Number' }, cell: ({ hazard }) => hazard },
  { key: 'external', title: { zh: '外部编号', en: 'External number' }, cell: ({ external }) => external },
  { key: 'site', title: { zh: '企业', en: 'Site' }, cell: ({ site }) => site },
  { key: 'region', title: { zh: '地区', en: 'Region' }, cell: (_, site) => site?.region },
  { key: 'kind', title: { zh: '行业', en: 'Sector' }, cell: (_, site) => site?.kind },
  { key: 'area', title: { zh: '地点', en: 'Area' }, cell: ({ area }) => area },
  { key: 'source', title: { zh: '来源', en: 'Source' }, cell: ({ source }) => both(SOURCE_WORDS[source]) },
  { key: 'grade', title: { zh: '等级', en: 'Grade' }, cell: ({ grade }) => both(GRADE_WORDS[grade]) },
  { key: 'state', title: { zh: '状态', en: 'State' }, cell: ({ state }) => both(STATE_WORDS[state]) },
  { key: 'text', title: { zh: '隐患内容', en: 'What was found' }, cell: ({ text }) => both(text) },
  { key: 'clause', title: { zh: '依据', en: 'Clause' }, cell: ({ clause }) => clause },
  { key: 'opened', title: { zh: '发现时间', en: 'Found' }, cell: ({ opened }, site) => time(opened, site) },
  { key: 'owner', title: { zh: '责任人', en: 'Owner' }, cell: ({ owner }) => owner },
  { key: 'deadline', title: { zh: '整改期限', en: 'Deadline' }, cell: ({ deadline }, site) => time(deadline, site) },
  { key: 'overdue', title: { zh: '超期', en: 'Overdue' }, cell: ({ overdue }) => (overdue ? '是 yes' : '否 no') },
  {
    key: 'rectification',
    title: { zh: '整改情况', en: 'What was mended' },
    cell: ({ rectification }) => rectification?.text,
  },
  { key: 'rectifiedBy', title: { zh: '整改人', en: 'Mended by' }, cell: ({ rectification }) => rectification?.by },
  { key: 'verifiedBy', title: { zh: '验收人', en: 'Verified by' }, cell: ({ verified }) => verified?.by },
  { key: 'closed', title: { zh: '销号时间', en: 'Closed' }, cell: ({ closed }, site) => time(closed, site) },
  {
    key: 'hours',
    title: { zh: '闭环用时（小时）', en: 'Hours to close' },
    cell: ({ opened, closed }) => (closed === undefined ? undefined : Math.round(((closed - opened) / HOUR) * 10) / 10),
  },
  {
    key: 'supervision',
    title: { zh: '挂牌督办', en: 'Supervision' },
    cell: ({ supervision }) => supervision && `${LEVEL_WORDS[supervision.level]} ${supervision.order}`,
  },
]

/** As an exported title reads: `状态 State`. */
export const titleOf = ({ title }: { title: Text }) => `${title.zh} ${title.en}`
