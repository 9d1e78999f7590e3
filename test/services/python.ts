/** Peers in Python (`requirements.txt` beside), run as processes of their own: `.ci/run` installs them into `.peers`. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const ROOT = join(import.meta.dirname, '../..')

/** The interpreter that has the peers' packages; `undefined` where they were not installed. */
export const PYTHON = [join(ROOT, '.peers/bin/python')].find((path) => existsSync(path))

export interface Peer {
  readonly child: ChildProcess
  /** Lines of its standard output and error so far. */
  readonly log: readonly string[]
  /** Writes a line to its standard input. */
  say(line: string): void
  /** Resolves with the next line (or one there is) of its output that matches; rejects where it ends before. */
  hear(wanted: RegExp): Promise<RegExpExecArray>
  stop(signal?: NodeJS.Signals): Promise<void>
}

/** Runs `test/services/{script}` with arguments. */
export function python(script: string, args: readonly string[] = []): Peer {
  const child = spawn(PYTHON!, ['-u', join(import.meta.dirname, script), ...args], { stdio: ['pipe', 'pipe', 'pipe'] })
  const exited = once(child, 'exit')
  const log: string[] = []
  const listeners = new Set<() => void>()
  for (const stream of [child.stdout!, child.stderr!]) {
    createInterface({ input: stream }).on('line', (line) => {
      log.push(line)
      for (const listener of [...listeners]) listener()
    })
  }
  child.stdin!.on('error', () => {})
  let heard = 0

  return {
    child,
    log,
    say: (line) => child.stdin!.write(`${line}\n`),
    hear(wanted) {
      return new Promise((resolve, reject) => {
        const look = () => {
          while (heard < log.length) {
            const found = wanted.exec(log[heard++]!)
            if (!found) continue
            listeners.delete(look)
            resolve(found)
            return
          }
        }
        listeners.add(look)
        exited.then(() => {
          look()
          reject(new Error(`${script} ended before it said ${wanted}: ${log.slice(-8).join(' | ')}`))
        })
        look()
      })
    },
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal)
      await exited
    },
  }
}
