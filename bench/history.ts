/** History: readings of 10 000 points written in batches, and a chart asked for meanwhile and afterwards. Prints JSON Lines. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { openHistory } from '../src/adapters/history-sqlite/index.ts'
import type { HistoryRow } from '../src/model/ports.ts'
import { perSecond, print, printMachine } from './machine.ts'

const POINTS = 10_000
const BATCH = 5_000
const ROWS = Number(process.env.BENCH_ROWS ?? 3_000_000)
const START = Date.UTC(2026, 4, 1)

printMachine()
const folder = mkdtempSync(join(process.env.BENCH_DIR ?? tmpdir(), 'davy-bench-history-'))
const history = await openHistory({ file: join(folder, 'history.db') })
const points = Array.from({ length: POINTS }, (_, i) => ({ siteId: 'bench', id: `face/ch4-${i}` }))

/** Each point once a second. */
function batch(first: number): HistoryRow[] {
  return Array.from({ length: BATCH }, (_, i) => {
    const n = first + i
    const ts = START + Math.floor(n / POINTS) * 1_000 + (n % 7)
    const row = { point: points[n % POINTS]!, ts, value: (n % 1_000) / 100, received: ts + 40, ref: `gw-${n}` }
    return { ...row, quality: 'good', timing: 'live' }
  })
}

async function chart(): Promise<number> {
  const began = performance.now()
  await history.series({ point: points[4_711]!, from: START, to: START + 3_600_000, every: 10_000 })
  return Number((performance.now() - began).toFixed(2))
}

try {
  const began = performance.now()
  const loop = performance.eventLoopUtilization()
  let meanwhile = 0
  for (let written = 0; written < ROWS; written += BATCH) {
    await history.write(batch(written), written + BATCH)
    if (written % 100_000 === 0) meanwhile = Math.max(meanwhile, await chart())
  }
  const complete = (await history.offset()) === Math.ceil(ROWS / BATCH) * BATCH
  const seconds = (performance.now() - began) / 1_000
  print({
    bench: 'history',
    rowsPerSecond: perSecond(ROWS, seconds),
    complete,
    callerBusy: Number(performance.eventLoopUtilization(loop).utilization.toFixed(2)),
    chartMsMeanwhileWorst: meanwhile,
    chartMs: await chart(),
  })
} finally {
  await history.close()
  rmSync(folder, { recursive: true })
}
