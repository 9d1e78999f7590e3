/** Twenty thousand OPC UA monitored items at a second into one `davy start`: readings in the journal of what the server changed, how late
 *  they came, and what it took, beside node-opcua's client alone with the same subscription and no journal. */
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { perSecond, print } from './machine.ts'

const ITEMS = Number(process.env.BENCH_ITEMS ?? 20_000)
const SECONDS = Number(process.env.BENCH_SECONDS ?? 20)
const TARGET = { cores: 2, memoryMiB: 1_024 }
const DAVY = fileURLToPath(new URL('../bin/davy', import.meta.url))
/** For what was pent up while everything was subscribed to flow off. */
const SETTLE = 5_000
/** On a machine that has other things to do, subscribing takes its time. */
const PATIENCE = 180_000

const server = fork(fileURLToPath(new URL('opcua-server.ts', import.meta.url)), [String(ITEMS)], { execArgv: [] })
const [{ port }] = (await once(server, 'message')) as [{ port: number }]
const endpoint = `opc.tcp://127.0.0.1:${port}`

/** Values the server has set so far. */
async function changed(): Promise<number> {
  server.send('count')
  const [count] = (await once(server, 'message')) as [number]
  return count
}

/** Processor seconds of a process so far, its threads included. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

/** The most it ever held, MiB. */
function peakMiB(pid: number): number {
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024)
}

/** Runs for a while and says what was taken of what the server changed. */
async function measure(
  what: string,
  { pid, taken, report }: { pid: number; taken(): Promise<number>; report?(): Promise<Record<string, unknown>> },
): Promise<void> {
  for (const end = performance.now() + PATIENCE; (await taken()) < ITEMS; await pause(500)) {
    if (performance.now() > end) throw new Error(`${what}: ${await taken()} of ${ITEMS} first values came`)
  }
  await pause(SETTLE)
  const [before, set, cpu, peer] = [await taken(), await changed(), cpuSeconds(pid), cpuSeconds(server.pid!)]
  const begun = performance.now()
  await pause(SECONDS * 1_000)
  const readings = (await taken()) - before
  const due = (await changed()) - set
  const seconds = (performance.now() - begun) / 1_000
  const used = cpuSeconds(pid) - cpu
  const memory = peakMiB(pid)
  print({
    bench: 'opcua',
    what,
    items: ITEMS,
    readingsPerSecond: perSecond(readings, seconds),
    ofWhatChanged: Number((readings / due).toFixed(3)),
    changesPerSecond: perSecond(due, seconds),
    cores: Number((used / seconds).toFixed(2)),
    // Holds on a busy machine too, where the server cannot change all of them each second.
    coresAtFullRate: Number(((used / readings) * ITEMS).toFixed(2)),
    serverCores: Number(((cpuSeconds(server.pid!) - peer) / seconds).toFixed(2)),
    peakMiB: memory,
    ...(await report?.()),
  })
}

/** node-opcua's client alone, in a process of its own. */
async function bare(): Promise<void> {
  const client = fork(fileURLToPath(new URL('opcua-client.ts', import.meta.url)), [endpoint, String(ITEMS)], {
    execArgv: [],
  })
  const ask = async () => {
    client.send('count')
    const [count] = (await once(client, 'message')) as [number]
    return count
  }
  await once(client, 'message')
  await measure('node-opcua client alone, no journal', { pid: client.pid!, taken: ask })
  client.kill()
  await once(client, 'exit')
}

function configure(): string {
  const dir = mkdtempSync(join(tmpdir(), 'davy-bench-'))
  mkdirSync(join(dir, 'sites'))
  mkdirSync(join(dir, 'rules'))
  const points = Array.from({ length: ITEMS }, (_, i) => `  - { id: v${i}, kind: gas.ch4, area: face-${i % 100} }`)
  const areas = Array.from({ length: 100 }, (_, i) => `  - { id: face-${i}, kind: coal-face }`)
  writeFileSync(
    join(dir, 'sites', 'plant.yaml'),
    `site: plant\nareas:\n${areas.join('\n')}\npoints:\n${points.join('\n')}\n`,
  )
  writeFileSync(
    join(dir, 'rules', 'gas.yaml'),
    'regulation: { id: bench, title: bench }\nrules:\n  - { id: gas, rule: limit, match: { kind: gas.ch4 }, levels: [{ name: cut, high: 1.5, severity: critical }] }\n  - { id: silent, rule: silent }\n',
  )
  const items = Array.from({ length: ITEMS }, (_, i) => `      - { node: "ns=1;s=v${i}", point: v${i} }`)
  writeFileSync(
    join(dir, 'davy.yaml'),
    `sources:\n  - name: plc\n    adapter: opcua\n    endpoint: ${endpoint}\n    site: plant\n    items:\n${items.join('\n')}\n`,
  )
  return dir
}

async function service(): Promise<void> {
  const config = configure()
  const data = mkdtempSync(join(tmpdir(), 'davy-bench-'))
  const child: ChildProcess = spawn(
    DAVY,
    ['start', '--config', config, '--data', data, '--port', '0', '--mqtt-port', '0', '--json'],
    { env: { ...process.env, DAVY_PASSWORD: 'bench-password' }, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string]
  const { api } = JSON.parse(line) as { api: string }
  const figures = async () => {
    const text = await (await fetch(`${api}/metrics`)).text()
    return (name: string) =>
      Number(
        text
          .split('\n')
          .find((each) => each.startsWith(`${name} `))
          ?.split(' ')[1] ?? 0,
      )
  }
  await measure('davy start', {
    pid: child.pid!,
    taken: async () => (await figures())('davy_readings_total'),
    report: async () => {
      const figure = await figures()
      return {
        late: figure('davy_late_total'),
        duplicates: figure('davy_duplicates_total'),
        targetCores: TARGET.cores,
        targetMiB: TARGET.memoryMiB,
      }
    },
  })
  child.kill('SIGTERM')
  await once(child, 'exit')
  for (const folder of [config, data]) rmSync(folder, { recursive: true })
}

try {
  await bare()
  await service()
} finally {
  server.kill()
}
