/** A real Mosquitto on a free port, with its data in a fresh folder, for the tests of services. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { freePort } from '../../simulators/ports.ts'

export const MOSQUITTO = ['/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto'].find((path) => existsSync(path))

export interface Mosquitto {
  readonly port: number
  readonly url: string
  /** Lines of its log, debug included. */
  readonly log: readonly string[]
  start(): Promise<void>
  /** Kills it as a power cut would, or lets it write its sessions down first. */
  stop(how?: 'kill' | 'terminate'): Promise<void>
  remove(): Promise<void>
}

export async function mosquitto(extra: readonly string[] = []): Promise<Mosquitto> {
  const folder = mkdtempSync(join(tmpdir(), 'davy-mosquitto-'))
  const port = await freePort()
  const config = join(folder, 'mosquitto.conf')
  const lines = [
    `listener ${port} 127.0.0.1`,
    'allow_anonymous true',
    'persistence true',
    `persistence_location ${folder}/`,
  ]
  writeFileSync(config, [...lines, 'user root', 'log_dest stderr', 'log_type all', ...extra, ''].join('\n'))
  const log: string[] = []
  let child: ChildProcess | undefined

  async function stop(how: 'kill' | 'terminate' = 'kill'): Promise<void> {
    if (!child) return
    const exited = once(child, 'exit')
    child.kill(how === 'kill' ? 'SIGKILL' : 'SIGTERM')
    child = undefined
    await exited
  }

  async function start(): Promise<void> {
    child = spawn(MOSQUITTO!, ['-c', config], { stdio: ['ignore', 'ignore', 'pipe'] })
    let rest = ''
    child.stderr?.on('data', (data) => {
      const parts = (rest + data).split('\n')
      rest = parts.pop() ?? ''
      log.push(...parts)
    })
    const deadline = Date.now() + 10_000
    while (!(await answers(port))) {
      if (Date.now() > deadline) throw new Error(`Mosquitto did not start: ${log.slice(-5).join(' | ')}`)
      await pause(10)
    }
  }

  await start()
  return {
    port,
    url: `mqtt://127.0.0.1:${port}`,
    log,
    start,
    stop,
    async remove() {
      await stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
