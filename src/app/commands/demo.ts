/** `davy demo`: the whole product on the example installation, with simulated devices on real sockets. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { systemClock } from '../clock.ts'
import { loadConfiguration } from '../configuration.ts'
import { blameDisk } from '../data-folder.ts'
import { createLog } from '../log.ts'
import { type Running, run } from '../run.ts'
import { writeDemoConfiguration } from './demo-configuration.ts'
import { demoDelays } from './demo-delays.ts'
import { simulateSources } from './demo-field.ts'
import type { Field } from './field.ts'
import { announce, type ListenFlags, until, withFlags } from './listening.ts'

export interface DemoFlags extends ListenFlags {
  readonly data?: string
  readonly speed: number
  readonly seed: number
}

const CONFIG = fileURLToPath(new URL('../../../config', import.meta.url))
const PAGE = fileURLToPath(new URL('../../../web/dist/index.html', import.meta.url))

export async function demo(flags: DemoFlags): Promise<void> {
  const { json = false, speed, seed } = flags
  const stopped = until(['SIGINT', 'SIGTERM'])
  const log = createLog(json || !process.stderr.isTTY ? 'json' : 'words')
  const say = (line: string) => (json ? process.stderr : process.stdout).write(`${line}\n`)
  const data = flags.data ?? mkdtempSync(join(tmpdir(), 'davy-demo-'))
  const temporary = flags.data === undefined
  try {
    const example = await loadConfiguration(CONFIG, { warn: (text) => log.warn(text) })
    const config = join(data, 'config')
    try {
      writeDemoConfiguration(example, { speed, into: config })
    } catch (error) {
      throw blameDisk(error, data)
    }
    const {
      installation,
      files,
      settings: declared,
    } = await loadConfiguration(config, { warn: (text) => log.warn(text) })
    const { settings, meters } = await simulateSources(withFlags(declared, flags))
    let running: Running | undefined
    let field: Field | undefined
    try {
      running = await run({ installation, files, settings, data, password: process.env.DAVY_PASSWORD, log })
      announce(running, flags)
      const { zh, en } = demoDelays(speed)
      say(`${zh}\n${en}`)
      if (!existsSync(PAGE)) say('页面尚未构建 The page is not built yet: npm run build, then start the demo again.')
      // After the address: what the devices load and do must not delay the page.
      const { startField } = await import('./field.ts')
      const clock = systemClock()
      field = await startField({ running, installation, settings, meters, clock, speed, seed, log, say })
      await stopped
    } finally {
      field?.fallSilent()
      await running?.stop()
      // Meters that a demo which never began left listening would keep the process alive.
      await (field?.stop() ?? Promise.all(meters.map((meter) => meter.stop())))
    }
  } finally {
    if (temporary) rmSync(data, { recursive: true, force: true })
  }
  process.exit(0)
}
