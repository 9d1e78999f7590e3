/** Values as people read them: decimals by kind, units always, words for switches. */
import type { Lang } from '../i18n/words.ts'

const DECIMALS: Readonly<Record<string, number>> = {
  'gas.ch4': 2,
  'gas.co': 1,
  'gas.o2': 1,
  'gas.co2': 2,
  'gas.h2s': 1,
  'gas.lel': 1,
  'env.temperature': 1,
  'env.wind': 2,
  'env.dust': 1,
  'tank.level': 2,
  'tank.pressure': 2,
  'tank.temperature': 1,
  'power.active': 1,
  'power.energy': 1,
  'power.current': 1,
  'weld.current': 0,
  'belt.rate': 0,
  'count.people': 0,
  'count.lamps': 0,
}

type Pair = readonly [zh: string, en: string]

const SWITCHES: Readonly<Record<string, readonly [on: Pair, off: Pair]>> = {
  'feeder.energized': [
    ['送电', 'energised'],
    ['断电', 'de-energised'],
  ],
  'fan.running': [
    ['运行', 'running'],
    ['停机', 'stopped'],
  ],
  'door.open': [
    ['开启', 'open'],
    ['关闭', 'closed'],
  ],
  smoke: [
    ['有烟', 'smoke'],
    ['无烟', 'no smoke'],
  ],
}

const WORDS: Readonly<Record<string, Pair>> = {
  online: ['在线', 'online'],
  offline: ['离线', 'offline'],
  occluded: ['遮挡', 'occluded'],
  frozen: ['画面冻结', 'frozen'],
  moved: ['被移动', 'moved'],
  in: ['入井', 'in'],
  out: ['升井', 'out'],
  scan: ['扫码', 'scan'],
  unlock: ['解锁', 'unlock'],
  start: ['开始焊接', 'start'],
  stop: ['停止焊接', 'stop'],
  lock: ['锁定', 'lock'],
  moving: ['移动中', 'moving'],
  gone: ['已离开', 'gone'],
  sos: ['求救', 'SOS'],
}

/** Grouped digits with the decimals a kind is read with; at most three where the kind has no habit. */
export function number(value: number, kind?: string): string {
  const decimals = kind === undefined ? undefined : DECIMALS[kind]
  const size = Math.abs(value)
  const digits = decimals ?? (Number.isInteger(value) ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 3)
  return value.toLocaleString('en-US', {
    minimumFractionDigits: decimals ?? 0,
    maximumFractionDigits: digits,
    useGrouping: size >= 10_000,
  })
}

/** A reading's value without its unit; `—` for none. Objects are read by the fields their kind has. */
export function valueText(value: unknown, { kind, lang }: { kind: string; lang: Lang }): string {
  const pick = (pair: Pair) => pair[lang === 'zh' ? 0 : 1]
  if (value === null || value === undefined) return '—'
  if (typeof value === 'number') return number(value, kind)
  if (typeof value === 'boolean') {
    const pair = SWITCHES[kind]
    if (pair) return pick(value ? pair[0] : pair[1])
    return lang === 'zh' ? (value ? '是' : '否') : value ? 'yes' : 'no'
  }
  if (typeof value === 'string') return WORDS[value] ? pick(WORDS[value]) : value
  return Object.entries(value as Record<string, unknown>)
    .filter(([, field]) => field !== undefined && field !== null && field !== false)
    .map(([name, field]) => {
      const word = field === true ? name : String(field)
      return WORDS[word] ? pick(WORDS[word]) : word
    })
    .join(' · ')
}

/** A number with its unit, a no-break space between; `%` clings in Chinese and English alike. */
export function withUnit(text: string, unit: string | undefined): string {
  if (!unit || text === '—') return text
  return unit === '%' ? `${text}%` : `${text}\u00a0${unit}`
}

const GROUPS = [
  'gas.',
  'env.',
  'tank.',
  'smoke',
  'fan.',
  'feeder.',
  'door.',
  'power.',
  'weld.',
  'belt.',
  'count.',
  'device.',
]

/** Where a kind stands in lists: gas and air first, then what runs, then who passes. */
export function kindRank(kind: string): number {
  const group = GROUPS.findIndex((prefix) => kind.startsWith(prefix))
  return group === -1 ? GROUPS.length : group
}
