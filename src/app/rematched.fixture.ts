/** A mine over the fold whose rule items change while it works. */
import type { Transition } from '../model/alarm.ts'
import type { NewEntry } from '../model/entry.ts'
import { parseInstant, SECOND } from '../model/time.ts'
import { RULES } from '../rules/index.ts'
import { inlineInstallation } from './cases/inline.ts'
import { createFold, type Fold } from './fold.ts'

export const NOW = parseInstant('2026-05-01T08:00:00+08:00')!

const SITE = {
  areas: [
    { id: 'mine-way', kind: 'underground' },
    { id: 'face', kind: 'coal-face', in: 'mine-way' },
    { id: 'head', kind: 'heading-face', in: 'mine-way' },
  ],
  points: [
    { id: 't1', kind: 'gas.ch4', unit: '%', area: 'face', place: 'T1', silentAfter: '60s' },
    { id: 't2', kind: 'gas.ch4', unit: '%', area: 'head', place: 'T2', silentAfter: '60s' },
    { id: 'r-face', kind: 'card.reader', area: 'face' },
    { id: 'r-head', kind: 'card.reader', area: 'head' },
    { id: 'c-face', kind: 'count.people', area: 'face' },
    { id: 'f-face', kind: 'feeder.energized', area: 'face' },
    { id: 'i', kind: 'weld.current', area: 'face', machine: 'm' },
    { id: 's', kind: 'weld.session', area: 'face', machine: 'm' },
    { id: 'i2', kind: 'weld.current', area: 'head', machine: 'm2' },
    { id: 's2', kind: 'weld.session', area: 'head', machine: 'm2' },
  ],
}

/** A rule item as a pack writes it. */
export type Item = Readonly<Record<string, unknown>> & { readonly id: string }

export const mineWith = (...rules: readonly Item[]) => mineOn(undefined, ...rules)

/** Seconds after the beginning; every change goes through a snapshot, as a reload does, and what is told is `second cause alarm`. */
export function mineOn(shifts: readonly object[] | undefined, ...rules: readonly Item[]) {
  const site = shifts ? { ...SITE, timezone: 'Asia/Shanghai', shifts } : SITE
  const mineOf = (items: readonly Item[]) => inlineInstallation({ file: 'mine', known: RULES, site, rules: items })
  let fold: Fold = createFold({ installation: mineOf(rules), rules: RULES })
  let offset = 0
  const told: Transition[] = []
  function apply(entry: NewEntry): void {
    fold.apply({ ...entry, offset: ++offset }, told)
  }
  return {
    apply,
    read: (second: number, id: string, value: number | object, quality: 'good' | 'bad' = 'good') => {
      const at = NOW + second * SECOND
      const point = { siteId: 'mine', id }
      apply({ type: 'reading', at, reading: { point, ts: at, value: value as number, quality } })
    },
    tick: (second: number) => apply({ type: 'tick', at: NOW + second * SECOND }),
    reload(second: number, ...next: readonly Item[]) {
      const installation = mineOf(next)
      fold = createFold({ installation, rules: RULES, saved: JSON.parse(JSON.stringify(fold.save())) })
      apply({ type: 'config', at: NOW + second * SECOND, hash: installation.hash })
    },
    save: () => JSON.stringify(fold.save()),
    last: () => told.at(-1),
    find: (alarm: string) => fold.desk.find(`mine/${alarm}`),
    told: () => told.splice(0).map(({ at, cause, alarm }) => `${(at - NOW) / SECOND} ${cause} ${alarm.slice(5)}`),
  }
}

/** A limit item over methane. */
export const gas = (match: object, more: object = {}) => ({
  id: 'gas',
  rule: 'limit',
  severity: 'major',
  match: { kind: 'gas.ch4', ...match },
  levels: [{ name: 'high', high: 1, clear: 0.8 }],
  ...more,
})
