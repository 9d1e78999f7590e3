/** A list of hazards that somebody sent: each good row a report for the journal, each bad one refused with its place and reason. */
import type { HazardReport } from '../../model/hazard.ts'
import type { Installation, Site } from '../../model/site.ts'
import type { Text } from '../../model/text.ts'
import { type Instant, parseInstant, zoneOffset } from '../../model/time.ts'
import { parseHazardCommand } from '../hazard-command.ts'
import type { SheetRow } from '../sheet/read.ts'
import { GRADE_WORDS, HAZARD_COLUMNS, SOURCE_WORDS, titleOf } from './columns.ts'

export interface RefusedRow {
  readonly row: number
  /** The title of the column, where one is to blame. */
  readonly column?: string
  readonly code: string
  readonly detail: Text
}

export interface ReadRow {
  readonly row: number
  readonly report: HazardReport
}

const NEEDED = ['external', 'grade', 'text'] as const

/** Rows under their titles; `site` is where rows that name none belong. Of a number that comes twice, the first row is taken. */
export function readHazards(
  rows: readonly SheetRow[],
  { installation, site, by, now }: { installation: Installation; site: string | undefined; by: string; now: Instant },
): { readonly good: readonly ReadRow[]; readonly bad: readonly RefusedRow[] } {
  const [titles, ...data] = rows
  const keys = (titles?.cells ?? []).map(keyOf)
  const unfit = flawsOf(keys, site)
  if (unfit.length > 0) return { good: [], bad: unfit.map((flaw) => ({ row: titles?.row ?? 1, ...flaw })) }
  const good: ReadRow[] = []
  const bad: RefusedRow[] = []
  const seen = new Set<string>()
  for (const { row, cells } of data) {
    const refuse = (key: string | undefined, code: string, detail: Text) => {
      const at = key === undefined ? -1 : keys.indexOf(key)
      bad.push({ row, ...(at >= 0 && { column: titles!.cells[at]! }), code, detail })
    }
    const fields = new Map<string, string>()
    keys.forEach((key, i) => {
      const cell = unquote(cells[i] ?? '')
      if (key !== undefined && cell !== '') fields.set(key, cell)
    })
    const empty = NEEDED.find((key) => !fields.has(key))
    if (empty) {
      refuse(empty, 'cell-missing', { zh: '此列必填', en: 'the row needs it' })
      continue
    }
    const named = fields.get('site') ?? site
    if (named === undefined) {
      const en = 'the row names no site: write it, or choose the site that it belongs to'
      refuse('site', 'site-missing', { zh: '此行未写企业：请填写，或选择其所属的企业', en })
      continue
    }
    const place = installation.sites.get(named)
    if (!place) {
      refuse('site', 'site-unknown', { zh: `没有企业 ${named}`, en: `no site ${named} is configured` })
      continue
    }
    const name = `${place.id} ${fields.get('external')}`
    if (seen.has(name)) {
      const number = fields.get('external')
      refuse('external', 'hazard-known', { zh: `${number} 在文件中重复`, en: `${number} stands in the file twice` })
      continue
    }
    const report = reportOf(fields, { place, by, now })
    if ('flaw' in report) refuse(report.key, 'cell-unreadable', report.flaw)
    else {
      seen.add(name)
      good.push({ row, report })
    }
  }
  return { good, bad }
}

/** Why no row of the file can be read. */
function flawsOf(
  keys: readonly (string | undefined)[],
  site: string | undefined,
): readonly Pick<RefusedRow, 'code' | 'detail'>[] {
  const title = (key: string) => titleOf(HAZARD_COLUMNS.find((column) => column.key === key)!)
  const missing = NEEDED.filter((key) => !keys.includes(key)).map(title)
  const flaws: Pick<RefusedRow, 'code' | 'detail'>[] = []
  if (missing.length > 0) {
    const detail = { zh: `缺少列：${missing.join('、')}`, en: `there is no column ${missing.join(', ')}` }
    flaws.push({ code: 'column-missing', detail })
  }
  if (site === undefined && !keys.includes('site')) {
    const detail = {
      zh: `文件没有“${title('site')}”列：请选择各行所属的企业`,
      en: `the file has no column ${title('site')}: choose the site that its rows belong to`,
    }
    flaws.push({ code: 'site-missing', detail })
  }
  return flaws
}

function reportOf(
  fields: ReadonlyMap<string, string>,
  { place, by, now }: { place: Site; by: string; now: Instant },
): HazardReport | { readonly key: string; readonly flaw: Text } {
  const grade = wordOf(fields.get('grade')!, GRADE_WORDS)
  if (!grade) {
    const cell = fields.get('grade')!.slice(0, 60)
    return {
      key: 'grade',
      flaw: { zh: `既非重大也非一般：${cell}`, en: `neither 重大 major nor 一般 general: ${cell}` },
    }
  }
  const source = wordOf(fields.get('source') ?? 'inspection', SOURCE_WORDS)
  if (!source || source === 'alarm') {
    return { key: 'source', flaw: { zh: '既非检查也非举报', en: 'neither 检查 inspection nor 举报 report' } }
  }
  const times: Record<string, Instant> = {}
  for (const key of ['opened', 'deadline'] as const) {
    const cell = fields.get(key)
    if (cell === undefined) continue
    const at = timeOf(cell, place.timezone)
    if (at === undefined) {
      const short = cell.slice(0, 60)
      const [zh, en] = [`不是时间：${short}；请写作`, `no time: ${short}; write`]
      return { key, flaw: { zh: `${zh} 2026-05-01 08:00`, en: `${en} 2026-05-01 08:00` } }
    }
    if (key === 'opened' && at > now) return { key, flaw: { zh: '发现时间在将来', en: 'found in the future' } }
    times[key] = at
  }
  const area = fields.get('area')
  if (area !== undefined && !place.areas.has(area)) {
    const en = `no area ${area.slice(0, 60)} at site ${place.id}`
    return { key: 'area', flaw: { zh: `企业 ${place.id} 没有区域 ${area.slice(0, 60)}`, en } }
  }
  const texts = ['area', 'clause', 'external', 'owner'].flatMap((key) =>
    fields.has(key) ? [[key, fields.get(key)]] : [],
  )
  const given = { action: 'open', site: place.id, source, grade, text: fields.get('text'), ...times }
  const command = parseHazardCommand({ ...given, ...Object.fromEntries(texts) }, { ts: now, by })
  return typeof command === 'string'
    ? { key: 'text', flaw: { zh: `无法识别：${command}`, en: command } }
    : (command as HazardReport)
}

/** A title as it may stand in a file: the key, either language, or both as they are exported. */
function keyOf(title: string): string | undefined {
  const wanted = title.trim().toLowerCase()
  return HAZARD_COLUMNS.find((column) =>
    [column.key, column.title.zh, column.title.en, titleOf(column)].some((word) => word.toLowerCase() === wanted),
  )?.key
}

function wordOf<W extends string>(cell: string, words: Readonly<Record<W, { zh: string; en: string }>>): W | undefined {
  const wanted = cell.toLowerCase()
  return (Object.keys(words) as W[]).find((word) =>
    [word, words[word].zh, words[word].en, `${words[word].zh} ${words[word].en}`].includes(wanted),
  )
}

/** ISO 8601, or a day and perhaps a time by the site's clocks. */
function timeOf(cell: string, zone: string): Instant | undefined {
  const exact = parseInstant(cell)
  if (exact !== undefined) return exact
  const parts = /^(\d{4})[-/年](\d{1,2})[-/月](\d{1,2})日?(?:[ T](\d{1,2}):(\d\d)(?::(\d\d))?)?$/.exec(cell)
  if (!parts) return undefined
  const [year, month, day, hour = 0, minute = 0, second = 0] = parts.slice(1).map((part) => Number(part ?? 0))
  const pad = (n: number | undefined) => String(n).padStart(2, '0')
  const local = parseInstant(`${year}-${pad(month)}-${pad(day)}T${pad(hour)}:${pad(minute)}:${pad(second)}Z`)
  return local === undefined ? undefined : local - zoneOffset(zone, local - zoneOffset(zone, local))
}

/** An exported text that looks like a formula is led by an apostrophe. */
function unquote(cell: string): string {
  return /^'[=+\-@＝＋－＠]/.test(cell) ? cell.slice(1) : cell
}
