/** What good practice asks of an alarm desk, and how figures stand against it. Numbers that were not read in a text say so. */
import type { AlarmFigures } from '../../model/alarm-kpi.ts'
import type { Text } from '../../model/text.ts'
import type { Rates } from './rates.ts'

export interface Benchmark {
  readonly id: string
  readonly title: Text
  /** At most this is acceptable. */
  readonly target: number
  readonly unit: '1/h' | '1/10min' | '1' | 'share'
  readonly confirmed: boolean
  /** Where the number is from. */
  readonly source: Text
}

/** Per duty desk (值班席). */
export const BENCHMARKS = [
  {
    id: 'rate',
    title: { zh: '平均报警率', en: 'Average alarm rate' },
    target: 6,
    unit: '1/h',
    confirmed: true,
    source: {
      zh: 'ISA-18.2-2009、IEC 62682；2016 版已删去该数值',
      en: 'ISA-18.2-2009, IEC 62682; the 2016 edition dropped the number',
    },
  },
  {
    id: 'peak',
    title: { zh: '十分钟峰值', en: 'Peak of ten minutes' },
    target: 10,
    unit: '1/10min',
    confirmed: true,
    source: { zh: 'EEMUA 191：十分钟十条即为洪泛', en: 'EEMUA 191: ten in ten minutes begin a flood' },
  },
  {
    id: 'flood',
    title: { zh: '洪泛时间占比', en: 'Share of time in flood' },
    target: 0.01,
    unit: 'share',
    confirmed: true,
    source: { zh: 'EEMUA 191、ISA-18.2', en: 'EEMUA 191, ISA-18.2' },
  },
  {
    id: 'standing',
    title: { zh: '长驻报警', en: 'Standing alarms' },
    target: 10,
    unit: '1',
    confirmed: true,
    source: { zh: 'EEMUA 191', en: 'EEMUA 191' },
  },
  {
    id: 'stale',
    title: { zh: '陈旧报警（超过 24 小时）', en: 'Stale alarms, over 24 h' },
    target: 5,
    unit: '1',
    confirmed: false,
    source: {
      zh: '24 小时见 ISA-18.2；至多五条为通行做法',
      en: 'ISA-18.2 for the 24 h; five at most is common practice',
    },
  },
  {
    id: 'chattering',
    title: { zh: '抖动报警', en: 'Chattering alarms' },
    target: 0,
    unit: '1',
    confirmed: false,
    source: {
      zh: 'ISA-18.2：一分钟三次；别处为一小时逾五次',
      en: 'ISA-18.2: three in a minute; more than five in an hour elsewhere',
    },
  },
  {
    id: 'top-ten',
    title: { zh: '前十报警占比', en: 'Share of the top ten' },
    target: 0.05,
    unit: 'share',
    confirmed: false,
    source: { zh: '通行做法：1 至 5 %', en: 'common practice: 1 to 5 %' },
  },
  {
    id: 'priority-high',
    title: { zh: '高优先级占比（红、橙）', en: 'Share of high priority (critical, major)' },
    target: 0.05,
    unit: 'share',
    confirmed: false,
    source: { zh: '通行做法：80/15/5', en: 'common practice: 80/15/5' },
  },
] as const satisfies readonly Benchmark[]

export interface Held extends Benchmark {
  readonly value: number
  readonly met: boolean
}

/** Every figure against its benchmark, in the order of the table. */
export function holdAgainst(
  { raised, top, chattering, bySeverity }: AlarmFigures,
  { rates, standing, stale }: { rates: Rates; standing: number; stale: number },
): readonly Held[] {
  const share = (part: number) => (raised === 0 ? 0 : part / raised)
  const values: Readonly<Record<(typeof BENCHMARKS)[number]['id'], number>> = {
    rate: rates.perHour.average,
    peak: rates.perTenMinutes.peak,
    flood: rates.flood.share,
    standing,
    stale,
    chattering: chattering.length,
    'top-ten': share(top.reduce((sum, each) => sum + each.raised, 0)),
    'priority-high': share((bySeverity.critical ?? 0) + (bySeverity.major ?? 0)),
  }
  return BENCHMARKS.map((benchmark) => {
    const value = values[benchmark.id]
    return { ...benchmark, value, met: value <= benchmark.target }
  })
}
