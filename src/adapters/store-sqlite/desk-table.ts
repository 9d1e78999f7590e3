/** On which duty desks each alarm stood, from when on, and which desks let a response clock run out. */
import type { Cause } from '../../model/alarm.ts'
import { RESPONSE_CLOCK } from '../../model/alarm-kpi.ts'
import type { Instant } from '../../model/time.ts'
import type { Database } from '../sqlite/database.ts'

/** `alarm` is the row of an episode; `desk_breach` has a row for each clock that ran out, by the transition that said so. */
export const DESK_SCHEMA = `
CREATE TABLE IF NOT EXISTS alarm_desk (
  desk TEXT NOT NULL, at INTEGER NOT NULL, alarm INTEGER NOT NULL, PRIMARY KEY (desk, at, alarm)) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS alarm_desk_once ON alarm_desk (alarm, desk);
CREATE TABLE IF NOT EXISTS desk_breach (
  desk TEXT NOT NULL, at INTEGER NOT NULL, site TEXT NOT NULL, id TEXT NOT NULL,
  PRIMARY KEY (desk, at, id)) WITHOUT ROWID;`

/** What a transition says of the desk it calls. */
export interface DeskStep {
  readonly id: string
  readonly alarm: string
  readonly episode: number
  readonly at: Instant
  readonly offset: number
  readonly site: string
  readonly rule: string
  readonly key: string
  readonly cause: Cause
  readonly desk?: string | undefined
}

interface Before {
  readonly cause: Cause
  readonly offset: number
  readonly desk: string | null
}

/** Steps must come in the order of the stream, in which alarms may overtake each other. What was written before these tables were there is put into them once. */
export function deskTable(database: Database) {
  const stand = database.prepare(
    'INSERT INTO alarm_desk SELECT ?, ?, id FROM alarm WHERE alarm = ? AND episode = ? ON CONFLICT DO NOTHING',
  )
  const breach = database.prepare('INSERT INTO desk_breach VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING')
  const before =
    database.prepare(`SELECT body ->> 'cause' AS cause, body ->> 'offset' AS offset, body ->> 'desk' AS desk
    FROM transition WHERE alarm = ? AND id <> ? AND seq <= ? ORDER BY seq DESC LIMIT 1`)

  /** Of a step that is in the stream under `seq`. */
  function note(step: DeskStep, seq: number): void {
    const { id, alarm, episode, at, offset, site, rule, key, cause, desk } = step
    if (desk === undefined) return
    stand.run(desk, at, alarm, episode)
    if (cause === 'handed-on') {
      const from = before.get(alarm, id, seq) as Before | undefined
      if (from?.desk) breach.run(from.desk, at, site, id)
    } else if (rule === RESPONSE_CLOCK && (cause === 'raised' || cause === 'escalated')) {
      // Where the alarm is handed on in the same step, that says whose clock it was; else nobody is above this desk. What is critical
      // may have overtaken it: then the alarm still stands on the desk below.
      const told = before.get(key, id, seq) as Before | undefined
      const handedOn = told?.cause === 'handed-on' && told.offset === offset
      if (!handedOn && (told?.desk ?? desk) === desk) breach.run(desk, at, site, id)
    }
  }

  if (database.meta('desks') === undefined) {
    database.transaction(() => {
      const all = database.prepare(`SELECT seq, body FROM transition WHERE body ->> 'desk' IS NOT NULL ORDER BY seq`)
      for (const { seq, body } of all.iterate() as Iterable<{ seq: number; body: string }>)
        note(JSON.parse(body) as DeskStep, seq)
      database.setMeta('desks', 1)
    })
  }
  const forgetAlarm = database.prepare('DELETE FROM alarm_desk WHERE alarm = ?')
  const forgetStep = database.prepare('DELETE FROM desk_breach WHERE id = ?')
  return {
    note,
    /** What an episode that is no more, by its row, said of desks. */
    forgetAlarm: (alarm: number) => void forgetAlarm.run(alarm),
    /** What a step that is no more said of a clock. */
    forgetStep: (id: string) => void forgetStep.run(id),
  }
}
