/** Transitions to try alarm stores with. */
import type { AlarmState, Cause, Transition } from '../../src/model/alarm.ts'

export const START = Date.UTC(2026, 4, 1)

/** One step of an alarm's life; what is not given is made up, the same each time. */
export function transition(
  given: Pick<Transition, 'key' | 'revision' | 'from' | 'to' | 'cause'> & Partial<Transition>,
): Transition {
  const { site = 'baoyuan', instance = 'crew/coal-face', episode = 1 } = given
  const alarm = `${site}/${instance}/${given.key}`
  const at = given.at ?? START
  return {
    id: `${alarm}/${episode}.${given.revision}`,
    alarm,
    episode,
    at,
    received: at + 5,
    offset: 1,
    site,
    rule: 'over-crew',
    instance,
    severity: 'major',
    text: { zh: '超员', en: 'over the limit' },
    evidence: [{ point: { siteId: site, id: 'readers/r1' }, ts: at, value: { card: '7' }, ref: 'x-1' }],
    ...given,
  }
}

const STEPS: readonly (readonly [AlarmState, AlarmState, Cause])[] = [
  ['normal', 'unacked', 'raised'],
  ['unacked', 'acked', 'acked'],
  ['acked', 'normal', 'cleared'],
]

/** The first `steps` of raised, acknowledged, cleared; a second apart. */
export function life(key: string, { steps, ...given }: { steps: number } & Partial<Transition>): Transition[] {
  return STEPS.slice(0, steps).map(([from, to, cause], i) =>
    transition({ ...given, key, revision: i + 1, from, to, cause, at: (given.at ?? START) + i * 1_000 }),
  )
}
