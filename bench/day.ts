/** `davy replay` of a day of one mine under every rule, 10 million readings in a file, beside a bare read and JSON.parse of that file. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeMines } from './estate.ts'
import { perSecond, print, timed } from './machine.ts'
import { createLife, createStamp } from './mine-life.ts'

const READINGS = Number(process.env.BENCH_READINGS ?? 10_000_000)
const SIZE = { sites: 1, pointsPerSite: 1_000, peoplePerSite: 2_000 }
/** Midnight at UTC+8. */
const START = Date.UTC(2026, 3, 30, 16, 0, 0)
const TARGET = 60
/** Ticks a second in which Linux counts processor time. */
const HERTZ = 100

/** Writes so many readings, with the officer's permits among them. */
async function write(file: string): Promise<void> {
  const life = createLife({
    site: 'mine-0',
    seed: 0,
    points: SIZE.pointsPerSite,
    people: SIZE.peoplePerSite,
    start: START,
    cardEvery: 60_000,
    sampleEvery: [6, 10],
  })
  const stamp = createStamp()
  const out = createWriteStream(file)
  let written = 0
  let text = ''
  for (let at = START; written < READINGS; at += 1_000) {
    for (const permit of life.permits(at)) text += `${JSON.stringify(permit)}\n`
    life.second(at, (point, ts, value) => {
      if (written === READINGS) return
      written += 1
      text += `{"site":"mine-0","point":"${point}","ts":"${stamp(ts)}","value":${value}}\n`
    })
    if (text.length > 4_000_000) {
      if (!out.write(text)) await once(out, 'drain')
      text = ''
    }
  }
  out.end(text)
  await once(out, 'finish')
}

/** As `davy replay` reads it, and no more. */
async function parseOnly(file: string): Promise<number> {
  const decoder = new TextDecoder()
  let rest = ''
  let parsed = 0
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
    const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n')
    rest = lines.pop()!
    for (const line of lines) {
      JSON.parse(line)
      parsed += 1
    }
  }
  return parsed
}

interface Used {
  cpuSeconds: number
  peakMiB: number
}

/** Processor time and peak memory of a child, as they were when it was last looked at: a fifth of a second before its end at most. */
function watch({ pid }: ChildProcess): { used: Used; stop(): void } {
  const used: Used = { cpuSeconds: 0, peakMiB: 0 }
  const timer = setInterval(() => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      const [user, system] = stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ')
        .slice(11, 13)
      used.cpuSeconds = (Number(user) + Number(system)) / HERTZ
      const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
      used.peakMiB = Math.round(Number(peak?.[1] ?? used.peakMiB * 1_024) / 1_024)
    } catch {
      // It has ended.
    }
  }, 200)
  return { used, stop: () => clearInterval(timer) }
}

export async function benchDay(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'davy-bench-'))
  const config = writeMines(SIZE)
  try {
    const file = join(dir, 'day.jsonl')
    const output = join(dir, 'transitions.jsonl')
    await write(file)
    let parsed = 0
    const bare = await timed(async () => {
      parsed = await parseOnly(file)
    })
    const davy = fileURLToPath(new URL('../src/cli.ts', import.meta.url))
    const begun = performance.now()
    const args = [...process.execArgv, davy, 'replay', '--config', config, '--input', file, '--output', output]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] })
    const { used, stop } = watch(child)
    const [code] = (await once(child, 'exit')) as [number | null]
    stop()
    const seconds = (performance.now() - begun) / 1_000
    if (code !== 0) throw new Error(`davy replay ended with ${code}`)
    const rules: Record<string, number> = {}
    const told = readFileSync(output, 'utf8').split('\n').slice(0, -1)
    for (const line of told) {
      const { rule } = JSON.parse(line) as { rule: string }
      rules[rule] = (rules[rule] ?? 0) + 1
    }
    print({
      bench: 'day',
      readings: READINGS,
      lines: parsed,
      fileMiB: Math.round(statSync(file).size / 2 ** 20),
      seconds: Number(seconds.toFixed(1)),
      perSecond: perSecond(READINGS, seconds),
      cpuSeconds: Number(used.cpuSeconds.toFixed(1)),
      perCpuSecond: perSecond(READINGS, used.cpuSeconds),
      peakMiB: used.peakMiB,
      transitions: told.length,
      transitionsByRule: rules,
      baseline: 'read and JSON.parse of the same file',
      baselineSeconds: Number(bare.seconds.toFixed(1)),
      baselineCpuSeconds: Number(bare.cpuSeconds.toFixed(1)),
      ratio: Number((bare.cpuSeconds / used.cpuSeconds).toFixed(3)),
      targetSeconds: (TARGET * READINGS) / 10_000_000,
      met: seconds <= (TARGET * READINGS) / 10_000_000,
    })
  } finally {
    rmSync(dir, { recursive: true })
    rmSync(config, { recursive: true })
  }
}

if (import.meta.main) await benchDay()
