/** A million past alarms: pages of the list and the desk's figures, against plain reads of the same file. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openStore } from '../src/adapters/store-sqlite/index.ts'
import type { AlarmQuery } from '../src/model/ports.ts'
import { DAY, HOUR } from '../src/model/time.ts'
import { print } from './machine.ts'

const ALARMS = Number(process.argv[2] ?? 1_000_000)
const START = Date.UTC(2026, 0, 1)
/** Between rises: a million in a quarter of a year. */
const EVERY = Math.floor((90 * DAY) / ALARMS)

const folder = mkdtempSync(join(tmpdir(), 'davy-bench-'))
const file = join(folder, 'store.db')
await (await openStore({ file })).close()
fill()
const store = await openStore({ file })
const raw = new DatabaseSync(file, { readOnly: true })

const queries: Readonly<Record<string, AlarmQuery>> = {
  'newest page': {},
  'a page deep within': { cursor: `${(START + (ALARMS / 2) * EVERY).toString(36)}.${(ALARMS / 2).toString(36)}` },
  'of a site': { site: 'site7' },
  'of a site that has been quiet': { site: 'rare' },
  'of a rule, in a day': { rule: 'limit', from: START + 30 * DAY, to: START + 31 * DAY },
  'critical and major': { severity: ['critical', 'major'] },
  'rarest severity': { severity: ['critical'], site: 'site7' },
  outstanding: { state: ['unacked', 'acked', 'rtn-unacked'] },
  'past ones of a site and rule': { state: ['normal'], site: 'site7', rule: 'limit' },
  'rule that a site never had': { site: 'site7', rule: 'sos' },
}
const baseline = await median(async () => {
  raw
    .prepare(
      'SELECT a.*, t.body FROM (SELECT * FROM alarm ORDER BY id DESC LIMIT 101) a JOIN transition t ON t.seq = a.last',
    )
    .all()
})
say('newest rows by their row id', { took: baseline, alarms: ALARMS })
for (const [name, query] of Object.entries(queries)) {
  const took = await median(async () => void (await store.alarms.list(query)))
  say(`list: ${name}`, { took, ratio: took / baseline })
}
const scan = await median(async () => {
  raw.prepare('SELECT count(*), max(raised), max(cleared), max(alarm) FROM alarm NOT INDEXED').get()
}, 3)
say('one walk over all rows', { took: scan })
const figures: Readonly<Record<string, { from: number; to: number; sites?: string[] }>> = {
  'figures of a day': { from: START + 89 * DAY, to: START + 90 * DAY },
  'figures of an hour': { from: START + 89 * DAY, to: START + 89 * DAY + HOUR },
  'figures of a month of a site': { from: START, to: START + 30 * DAY, sites: ['site7'] },
  'figures of everything': { from: START, to: START + 91 * DAY },
}
for (const [name, query] of Object.entries(figures)) {
  const took = await median(async () => void (await store.kpis.figures(query)), 3)
  say(name, { took, ratio: took / scan })
}
raw.close()
await store.close()
rmSync(folder, { recursive: true, force: true })

function fill(): void {
  const database = new DatabaseSync(file)
  database.exec(`BEGIN;
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ALARMS})
    INSERT INTO transition SELECT i, 'site' || (i % 30) || '/limit/p' || (i % 5000) || '/' || i || '.1',
      'site' || (i % 30) || '/limit/p' || (i % 5000), '{"text":"' || hex(zeroblob(200)) || '"}' FROM n;
    INSERT INTO alarm (alarm, episode, revision, site, rule, state, severity, raised, cleared, last)
    SELECT alarm, seq, 1, CASE WHEN seq < 20 THEN 'rare' ELSE 'site' || (seq % 30) END,
      CASE seq % 3 WHEN 0 THEN 'limit' WHEN 1 THEN 'silent' ELSE 'over-crew' END,
      CASE WHEN seq % 20000 = 0 THEN 'unacked' WHEN seq % 30000 = 0 THEN 'acked' ELSE 'normal' END,
      CASE WHEN seq % 50 = 0 THEN 'critical' WHEN seq % 7 = 0 THEN 'major' WHEN seq % 2 = 0 THEN 'minor' ELSE 'notice' END,
      ${START} + seq * ${EVERY}, ${START} + seq * ${EVERY} + 60000, seq FROM transition;
    INSERT INTO alarm_ack SELECT id, raised + (id % 600) * 1000 FROM alarm WHERE id % 3 <> 0;
    COMMIT`)
  database.close()
}

/** `ratio` is against the baseline printed before. */
function say(what: string, { took, ...more }: { took: number; ratio?: number; alarms?: number }): void {
  print({ bench: 'alarm-list', what, ms: took, ...more })
}

async function median(work: () => Promise<void>, times = 11): Promise<number> {
  const took: number[] = []
  for (let i = 0; i < times; i++) {
    const begun = performance.now()
    await work()
    took.push(performance.now() - begun)
  }
  return took.sort((a, b) => a - b)[Math.floor(times / 2)]!
}
