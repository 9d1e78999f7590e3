/** What the tests by `kill -9` share: the service as a process of its own, and chance that can be had again. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const DAVY = fileURLToPath(new URL('../../bin/davy', import.meta.url))

/** Resolves once the service has said that it is up. */
export async function start({ config, data, port }: Record<'config' | 'data', string> & { port: number }) {
  const args = ['start', '--config', config, '--data', data, '--port', '0', '--mqtt-port', String(port), '--json']
  const env = { ...process.env, DAVY_PASSWORD: 'kill-test' }
  const child: ChildProcess = spawn(DAVY, args, { stdio: ['ignore', 'pipe', 'ignore'], env })
  await once(createInterface({ input: child.stdout! }), 'line')
  return child
}

/** Small and seeded, so that a failure can be had again. */
export function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return state / 2 ** 32
  }
}
