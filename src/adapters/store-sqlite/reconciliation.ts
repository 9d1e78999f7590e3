/** Brings the alarm list in line with a fold that judged the journal again: what it does not know stays readable and is not counted. */
import type { FoldedAlarms } from '../../model/ports.ts'
import type { Database } from '../sqlite/database.ts'
import type { DeskStep, deskTable } from './desk-table.ts'

/** An episode, by its row in the alarm list. */
export interface EpisodeRow {
  readonly id: number
  readonly alarm: string
  readonly episode: number
  readonly revision: number
}

interface Listed extends EpisodeRow {
  readonly state: string
  /** Where its last step left it: the row says otherwise where a later episode took it over. */
  readonly left: string
  readonly received: number
  readonly withdrawn: number | null
}

/** To be called within the store's transactions, `reconcile` apart. `cut` takes away a step and what followed it in its episode. */
export function reconciliation(
  database: Database,
  { desks, cut }: { readonly desks: ReturnType<typeof deskTable>; readonly cut: (from: EpisodeRow) => void },
) {
  const add = database.prepare('INSERT INTO alarm_withdrawn VALUES (?) ON CONFLICT DO NOTHING')
  const remove = database.prepare('DELETE FROM alarm_withdrawn WHERE alarm = ?')
  const step = database.prepare('SELECT seq, body FROM transition WHERE id = ?')
  const revive = database.prepare('UPDATE alarm SET state = ? WHERE id = ?')
  const all = database.prepare(`SELECT a.id, a.alarm, a.episode, a.revision, a.state, t.body ->> 'to' AS "left",
    t.body ->> 'received' AS received, w.alarm AS withdrawn
    FROM alarm a JOIN transition t ON t.seq = a.last LEFT JOIN alarm_withdrawn w ON w.alarm = a.id`)

  const stepsOf = ({ alarm, episode, revision }: EpisodeRow) =>
    Array.from({ length: revision }, (_, i) => `${alarm}/${episode}.${i + 1}`)

  /** No clock that ran out of it is counted, either. */
  function mark(row: EpisodeRow): void {
    add.run(row.id)
    for (const id of stepsOf(row)) desks.forgetStep(id)
  }

  function unmark(row: EpisodeRow): void {
    remove.run(row.id)
    for (const id of stepsOf(row)) {
      const found = step.get(id) as { readonly seq: number; readonly body: string } | undefined
      if (found) desks.note(JSON.parse(found.body) as DeskStep, found.seq)
    }
  }

  return {
    mark,
    /** Of an episode that is no more, or told anew. */
    forget: (row: number) => void remove.run(row),
    /** How many episodes are not counted any more that were so far. */
    reconcile({ known, since }: FoldedAlarms): number {
      const fold = new Map(known.map((last) => [last.alarm, last]))
      const beyond: Listed[] = []
      const back: Listed[] = []
      const longer: Listed[] = []
      const superseded: Listed[] = []
      for (const row of all.iterate() as Iterable<unknown> as Iterable<Listed>) {
        const known = fold.get(row.alarm)
        const knows = known !== undefined && row.episode <= known.episode
        if (!knows && row.withdrawn === null && row.received >= since) beyond.push(row)
        if (knows && row.episode === known.episode && row.revision > known.revision) longer.push(row)
        else if (knows && row.episode === known.episode && row.state !== row.left) superseded.push(row)
        if (knows && row.withdrawn !== null) back.push(row)
      }
      database.transaction(() => {
        for (const row of longer) cut({ ...row, revision: fold.get(row.alarm)!.revision + 1 })
        // The episode that took over what it waited for is none any more.
        for (const { id, left } of superseded) revive.run(left, id)
        for (const row of back) unmark(row)
        for (const row of beyond) mark(row)
      })
      return beyond.length
    },
  }
}
