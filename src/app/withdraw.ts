/** After recovery: ends what stands in the alarm store and not in the fold, so that nobody is shown an alarm that nobody can acknowledge. */
import { withdrawalOf } from '../alerts/withdrawal.ts'
import type { AlarmRecord, AlarmStore, Journal } from '../model/ports.ts'
import { formatInstant } from '../model/time.ts'
import type { Audit } from './auth/audit.ts'
import type { Clock } from './clock.ts'
import type { Log } from './log.ts'
import { listStanding, type Publisher } from './publisher.ts'
import type { Recovered } from './recover.ts'

/** To be called before sinks open. Where the store or the audit log fails it says so; the next start
 *  tries again what still stands by then. */
export async function withdrawOrphans(
  { fold: { desk, now }, anew }: Pick<Recovered, 'fold' | 'anew'>,
  {
    alarms,
    publisher,
    journal,
    audit,
    clock,
    log,
  }: {
    readonly alarms: AlarmStore
    readonly publisher: Pick<Publisher, 'publish' | 'reload'>
    readonly journal: Pick<Journal, 'last'>
    readonly audit: Pick<Audit, 'append'>
    readonly clock: Pick<Clock, 'now'>
    readonly log: Log
  },
): Promise<void> {
  /** Whether the fold has it standing, in this episode. */
  const knows = ({ alarm, episode }: AlarmRecord) => standsIn(alarm) === episode

  function standsIn(alarm: string): number | undefined {
    const node = desk.find(alarm)
    return node && node.state !== 'normal' ? node.episode : undefined
  }

  async function withdraw(): Promise<void> {
    // What the store refused so far is of the fold as well.
    await publisher.publish([])
    if (anew !== undefined) {
      const count = await alarms.reconcile({ known: desk.known(), since: anew })
      if (count > 0)
        log.warn(`${count} episodes that this program does not derive from the journal count in no figures`)
    }
    const orphans = (await listStanding(alarms)).filter((record) => !knows(record))
    if (orphans.length > 0) {
      // The entry with which this program's run begins: it is written next.
      const stamp = { now: Math.max(clock.now(), now()), offset: journal.last() + 1 }
      await publisher.publish(
        orphans.map((record) => withdrawalOf(record, { ...stamp, standsIn: standsIn(record.alarm) })),
      )
      await retell(orphans)
    }
    if (orphans.length > 0 || anew !== undefined) await publisher.reload()
    for (const { alarm, episode, state, severity, raised } of orphans) {
      log.warn(`${alarm}: episode ${episode} is withdrawn: this program does not derive it from the journal`)
      const detail = { episode, state, severity, raised: formatInstant(raised, 'UTC') }
      await audit.append({ who: 'system', action: 'alarm-withdrawn', object: alarm, detail })
    }
  }

  /** Where the same alarm stands in another episode, whoever follows the stream hears of that one last. */
  async function retell(orphans: readonly AlarmRecord[]): Promise<void> {
    const ids = new Set<string>()
    for (const { alarm } of orphans) {
      const node = desk.find(alarm)
      if (node && standsIn(alarm) !== undefined) ids.add(`${alarm}/${node.episode}.${node.revision}`)
    }
    if (ids.size > 0) await alarms.retell([...ids])
  }

  await withdraw().catch((error: unknown) => log.error(`alarms that nothing stands behind: ${String(error)}`))
}
