/** A desk over a small declared mine, for tests of what its alarms are to each other, to their rule items and to the duty desks. */
import { inlineInstallation } from '../app/cases/inline.ts'
import type { Condition, Transition } from '../model/alarm.ts'
import type { DeskCommand } from '../model/command.ts'
import type { EntryRef } from '../model/entry.ts'
import { parseInstant, SECOND } from '../model/time.ts'
import { RULES } from '../rules/index.ts'
import { createDesk, type Desk } from './desk.ts'

/** Eight in the morning: nobody keeps quiet. */
const MORNING = parseInstant('2026-05-01T08:00:00+08:00')!

export interface Declared {
  readonly rules: readonly object[]
  readonly suppress?: readonly object[]
  readonly duty?: object
  readonly start?: number
}

const SITE = {
  region: 'henan/xuchang',
  areas: [{ id: 'face', kind: 'coal-face' }, { id: 'head', kind: 'heading-face' }, { id: 'shaft' }],
  points: [
    { id: 't1', kind: 'gas.ch4', area: 'face' },
    { id: 't2', kind: 'gas.ch4', area: 'head' },
    { id: 'o2', kind: 'gas.o2', area: 'face' },
    { id: 'r-face', kind: 'card.reader', area: 'face' },
    { id: 'r-head', kind: 'card.reader', area: 'head' },
  ],
}

export const DUTY = {
  desks: [
    { id: 'control', name: { zh: '调度', en: 'Control' }, level: 'mine', sites: ['mine'], parent: 'county' },
    { id: 'county', name: { zh: '县', en: 'County' }, level: 'county', region: 'henan' },
  ],
  clocks: {
    critical: { ack: '2m', clear: '30m' },
    major: { ack: '5m', clear: '1h' },
    notice: { ack: '10m', clear: '24h' },
  },
}

/** `start`: milliseconds since the epoch from which seconds count; `reload` goes on under another configuration, as the service does. */
export function deskOver(declared: Declared) {
  const build = ({ start: _, ...rest }: Declared) =>
    inlineInstallation({ file: 'desk', known: RULES, site: SITE, ...rest })
  const start = declared.start ?? MORNING
  const settled = (_: string, now: number) => now
  let installation = build(declared)
  let desk: Desk = createDesk({ settled, installation })
  let offset = 0
  const told: Transition[] = []
  const at = (second: number) => start + second * SECOND
  const stamp = (second: number) => ({ now: at(second), offset: ++offset })

  function say(second: number, alarm: string, more: Partial<Condition> & { at?: number } = {}): void {
    const [item, key] = split(alarm)
    const instance = installation.rules.find(({ id }) => id === item)!
    const { truth = 'active', severity = instance.severity, at: since = second } = more
    const site = installation.sites.get('mine')!
    const text = { zh: truth, en: truth }
    desk.state(
      { site, instance, key, text, evidence: [], ...more, truth, severity, at: at(since) },
      stamp(second),
      told,
    )
  }

  return {
    told,
    say,
    end: (second: number, alarm: string, more: Partial<Condition> = {}) =>
      say(second, alarm, { truth: 'inactive', ...more }),
    /** What a backlog holds: it rose at `from` and was over at `until`. */
    recall(
      second: number,
      alarm: string,
      more: { from: number; until: number; severity?: Transition['severity'] },
    ): void {
      const [item, key] = split(alarm)
      const { from, until, ...rest } = more
      const { id, rule, severity, hash, lineage } = installation.rules.find((one) => one.id === item)!
      const when = at(from)
      const raised: Transition = {
        id: `mine/${alarm}/1.1`,
        alarm: `mine/${alarm}`,
        episode: 1,
        revision: 1,
        at: when,
        since: when,
        received: when,
        offset: 0,
        site: 'mine',
        rule,
        instance: id,
        key,
        from: 'normal',
        to: 'unacked',
        cause: 'raised',
        severity,
        text: { zh: '', en: '' },
        evidence: [],
        ...rest,
      }
      desk.retrospect({ raised, until: at(until), version: hash, lineage }, stamp(second), told)
    },
    tick: (second: number) => desk.tick(stamp(second), told),
    order: (second: number, command: Partial<DeskCommand> & { command: string }) =>
      desk.command({ by: 'wang', ts: at(second), ...command } as DeskCommand, stamp(second), told)?.code,
    reload(second: number, next: Declared): void {
      installation = build(next)
      const versions = new Map(installation.rules.map(({ id, hash }) => [id, hash]))
      desk = createDesk({ settled, installation, saved: JSON.parse(JSON.stringify(desk.save())) })
      const stands = (version: string, item: string) =>
        version === 'built-in' ? installation.practice !== undefined : versions.get(item) === version
      const heirOf = (version: string, item: string) => (stands(version, item) ? 'same' : undefined)
      desk.withdraw(({ version, instance }) => heirOf(version, instance), stamp(second), told)
    },
    restore: () => {
      desk = createDesk({ settled, installation, saved: JSON.parse(JSON.stringify(desk.save())) })
    },
    find: (alarm: string) => desk.find(`mine/${alarm}`),
    handovers: () => desk.handovers(),
    seen: (point: string): EntryRef[] => [{ point: { siteId: 'mine', id: point }, ts: at(0), value: 1 }],
    at,
    /** Second, cause and alarm of each step since the last call. */
    steps: () =>
      told
        .splice(0)
        .map(({ at: when, cause, alarm }) => `${(when - start) / SECOND} ${cause} ${alarm.slice('mine/'.length)}`),
  }
}

/** `item/key`; items of these tests have no slash. */
function split(alarm: string): [item: string, key: string] {
  const slash = alarm.indexOf('/')
  return [alarm.slice(0, slash), alarm.slice(slash + 1)]
}
