/** A consumer of a source as the runner is one: reopens what was lost, can stop pulling, remembers what it saw. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { SourceLost } from '../../src/model/errors.ts'
import type { Frame, LinkState, Source } from '../../src/model/ports.ts'

export interface Tap {
  /** Every frame pulled so far. */
  readonly frames: readonly Frame[]
  readonly lost: readonly SourceLost[]
  /** Link states seen. */
  readonly states: ReadonlySet<LinkState>
  /** What ended the iteration other than `SourceLost` or an abort. */
  readonly failed: unknown
  /** The `value` of every reading in every frame that is JSON. */
  values(): ReadonlySet<unknown>
  pause(): void
  resume(): void
  /** Aborts and resolves once the iteration has ended. */
  stop(): Promise<void>
}

/** Opens `source` and gives every frame to `settle` as it is pulled. */
export function tapSource(source: Source, settle: (frame: Frame) => void): Tap {
  const abort = new AbortController()
  const frames: Frame[] = []
  const lost: SourceLost[] = []
  const states = new Set<LinkState>()
  const values = new Set<unknown>()
  let failed: unknown
  let gate: PromiseWithResolvers<void> | undefined
  const watch = setInterval(() => states.add(source.link().state), 2)

  async function run(): Promise<void> {
    while (!abort.signal.aborted) {
      try {
        for await (const batch of source.open(abort.signal)) {
          for (const frame of batch) {
            frames.push(frame)
            for (const value of valuesOf(frame)) values.add(value)
            settle(frame)
          }
          await gate?.promise
        }
      } catch (error) {
        if (!(error instanceof SourceLost)) throw error
        lost.push(error)
        states.add(source.link().state)
        await pause(20, undefined, { signal: abort.signal }).catch(() => {})
      }
    }
  }
  const running = run()
    .catch((error) => {
      failed = error
    })
    .finally(() => clearInterval(watch))

  return {
    frames,
    lost,
    states,
    get failed() {
      return failed
    },
    values: () => values,
    pause() {
      gate ??= Promise.withResolvers()
    },
    resume() {
      gate?.resolve()
      gate = undefined
    },
    async stop() {
      abort.abort()
      gate?.resolve()
      await running
    },
  }
}

function valuesOf({ payload }: Frame): unknown[] {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(payload))
    return (Array.isArray(parsed) ? parsed : [parsed]).map((reading) => (reading as { value: unknown }).value)
  } catch {
    return []
  }
}

/** Makes `n` round trips over the loopback, so that whatever was sent before had its chance to arrive. */
export async function loopbackTurns(n: number): Promise<void> {
  const server = createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  await once(socket, 'connect')
  for (let turn = 0; turn < n; turn++) {
    socket.write('.')
    await once(socket, 'data')
  }
  socket.destroy()
  server.close()
}
