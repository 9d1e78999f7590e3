/** The running product for the page's tests: `davy start` as a process of its own, that can be killed and started again, and Chromium. */
import { type ChildProcess, spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium } from 'playwright-core'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
export const PASSWORD = 'lamp-in-the-dark-7'

export interface Desk {
  readonly api: string
  readonly mqtt: string
  /** Ends the service without warning. */
  kill(): Promise<void>
  /** Starts it again on the same ports and data. */
  restart(): Promise<void>
  stop(): Promise<void>
}

export interface DeskSettings {
  /** Goes into davy.yaml. */
  readonly more?: string
  /** One more file of rules. */
  readonly pack?: string
  /** With the duty desks of the example, whose clocks run. */
  readonly duty?: boolean
}

/** The example installation, with one power meter gateway that is not there. */
export async function startDesk({ more = '', pack, duty = false }: DeskSettings = {}): Promise<Desk> {
  const folder = await mkdtemp(join(tmpdir(), 'davy-desk-'))
  const config = join(folder, 'config')
  await mkdir(config)
  for (const part of ['sites', 'rules']) await cp(join(ROOT, 'config', part), join(config, part), { recursive: true })
  await writeFile(
    join(config, 'davy.yaml'),
    `sources:
  - adapter: modbus
    name: baoyuan-meters
    host: 127.0.0.1
    port: 9
    site: baoyuan
    slaves:
      - { unit: 1, every: 1s, points: [{ point: hoist/energy, table: holding, address: 0, type: u32, order: ABCD }] }
${more}`,
  )
  if (duty) await cp(join(ROOT, 'config/duty.yaml'), join(config, 'duty.yaml'))
  if (pack !== undefined) await writeFile(join(config, 'rules', 'more.yaml'), pack)
  let running = await spawnDavy({ config, folder, port: '0', mqttPort: '0' })
  const { api, mqtt } = running
  return {
    api,
    mqtt,
    kill: () => end(running.process, 'SIGKILL'),
    async restart() {
      running = await spawnDavy({ config, folder, port: new URL(api).port, mqttPort: new URL(mqtt).port })
    },
    async stop() {
      await end(running.process, 'SIGTERM')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

interface Spawned {
  readonly process: ChildProcess
  readonly api: string
  readonly mqtt: string
}

async function spawnDavy(of: { config: string; folder: string; port: string; mqttPort: string }): Promise<Spawned> {
  const { config, folder, port, mqttPort } = of
  const flags = [
    'start',
    '--config',
    config,
    '--data',
    join(folder, 'data'),
    '--port',
    port,
    '--mqtt-port',
    mqttPort,
    '--json',
  ]
  const child = spawn(join(ROOT, 'bin/davy'), flags, {
    env: { ...process.env, DAVY_PASSWORD: PASSWORD },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let complaint = ''
  child.stderr.on('data', (bytes: Buffer) => {
    complaint = `${complaint}${bytes}`.slice(-4_000)
  })
  const first = await Promise.race([
    new Promise<string>((resolve) => createInterface({ input: child.stdout }).once('line', resolve)),
    new Promise<never>((_, reject) =>
      child.once('exit', (code) => reject(new Error(`davy ended with ${code}: ${complaint}`))),
    ),
  ])
  const { api, mqtt } = JSON.parse(first) as { api: string; mqtt: string }
  return { process: child, api, mqtt }
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    child.once('exit', () => resolve())
    child.kill(signal)
  })
}

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export function openBrowser(): Promise<Browser> {
  // In a locale of ASCII Chromium forgets the Chinese name of a download.
  const env = { ...process.env, LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' } as Record<string, string>
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS, env })
}
