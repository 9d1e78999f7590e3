/** The whole service from outside: durable QoS 1 readings a second, and the time from a publish to its transition on the stream. */
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { writeEstate } from './estate.ts'
import { print } from './machine.ts'

const DAVY = fileURLToPath(new URL('../bin/davy', import.meta.url))
const SECONDS = Number(process.env.BENCH_SECONDS ?? 10)

interface Started {
  readonly child: ChildProcess
  readonly api: string
  readonly mqttPort: number
  readonly token: string
  readonly readyMs: number
  stop(): Promise<void>
}

async function start(config: string): Promise<Started> {
  const data = mkdtempSync(join(tmpdir(), 'davy-bench-'))
  const begun = performance.now()
  const child = spawn(
    DAVY,
    ['start', '--config', config, '--data', data, '--port', '0', '--mqtt-port', '0', '--json'],
    {
      env: { ...process.env, DAVY_PASSWORD: 'bench-password' },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string]
  const readyMs = Math.round(performance.now() - begun)
  const { api, mqtt } = JSON.parse(line) as { api: string; mqtt: string }
  const session = await fetch(`${api}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: 'admin', password: 'bench-password' }),
  })
  const { token } = (await session.json()) as { token: string }
  return {
    child,
    api,
    token,
    readyMs,
    mqttPort: Number(new URL(mqtt).port),
    async stop() {
      child.kill('SIGTERM')
      await once(child, 'exit')
      rmSync(data, { recursive: true })
    },
  }
}

/** Resident memory of a process, MiB. */
function rss(pid: number): number {
  const line = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Math.round(Number(line?.[1] ?? 0) / 1_024)
}

async function metric({ api, token }: Started, name: string): Promise<number> {
  const text = await (await fetch(`${api}/metrics`, { headers: { authorization: `Bearer ${token}` } })).text()
  const line = text.split('\n').find((each) => each.startsWith(`${name} `))
  return Number(line?.split(' ')[1] ?? Number.NaN)
}

async function throughput(config: string): Promise<void> {
  const service = await start(config)
  const load = fork(new URL('./mqtt-load.ts', import.meta.url), [
    String(service.mqttPort),
    '100',
    '100',
    '1',
    'davy/v1/mine-{site}/gas/ch4-{index}',
  ])
  let acknowledged = 0
  load.on('message', (message: { acknowledged: number }) => {
    acknowledged = message.acknowledged
  })
  await pause(3_000)
  const before = { acknowledged, at: performance.now() }
  await pause(SECONDS * 1_000)
  const seconds = (performance.now() - before.at) / 1_000
  const measured = acknowledged - before.acknowledged
  const memory = rss(service.child.pid!)
  load.kill()
  await once(load, 'exit')
  await pause(1_000)
  const journaled = await metric(service, 'davy_readings_total')
  print({
    bench: 'mqtt-durable',
    connections: 100,
    perSecond: Math.round(measured / seconds),
    acknowledged,
    journaled,
    lost: Math.max(0, acknowledged - journaled),
    rssMiB: memory,
    startToReadyMs: service.readyMs,
    target: 30_000,
    met: measured / seconds >= 30_000 && journaled >= acknowledged,
  })
  await service.stop()
}

async function latency(config: string): Promise<void> {
  const service = await start(config)
  const stream = await fetch(`${service.api}/api/v1/stream`, { headers: { authorization: `Bearer ${service.token}` } })
  const samples: number[] = []
  let begun = Number.POSITIVE_INFINITY
  void (async () => {
    const decoder = new TextDecoder()
    let rest = ''
    for await (const chunk of stream.body!) {
      const now = Date.now()
      rest += decoder.decode(chunk as Uint8Array, { stream: true })
      const lines = rest.split('\n')
      rest = lines.pop()!
      for (const line of lines) {
        if (!line.startsWith('data:') || !line.includes('"episode"')) continue
        const { at } = JSON.parse(line.slice(5)) as { at: string }
        if (now >= begun) samples.push(now - Date.parse(at))
      }
    }
  })().catch(() => {})
  const load = fork(new URL('./paced-load.ts', import.meta.url), [service.mqttPort, 5_000, 50, 100].map(String))
  await pause(3_000)
  begun = Date.now()
  await pause(SECONDS * 1_000)
  load.kill()
  await once(load, 'exit')
  samples.sort((a, b) => a - b)
  const quantile = (q: number) => samples[Math.min(samples.length - 1, Math.floor(samples.length * q))] ?? Number.NaN
  print({
    bench: 'publish-to-stream',
    offeredPerSecond: 5_000,
    transitions: samples.length,
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
    maxMs: samples.at(-1),
    targetP99Ms: 30,
    met: quantile(0.99) <= 30,
  })
  await service.stop()
}

export async function benchService(): Promise<void> {
  const config = writeEstate({ sites: 10, pointsPerSite: 1_000, peoplePerSite: 200 })
  try {
    await throughput(config)
    await latency(config)
  } finally {
    rmSync(config, { recursive: true })
  }
}

if (import.meta.main) await benchService()
