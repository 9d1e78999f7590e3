/** One device behind a host: when it is due, how it is asked, and what its answers are worth. */
import type { Duration, Instant } from '../../model/time.ts'
import type { WireReading } from '../outgoing.ts'
import { decode } from './codec.ts'
import type { Answer, Connection } from './connection.ts'
import { blamesAddress, exceptionName, meansSilence } from './exceptions.ts'
import { type Block, blocksOf, type Mapped } from './register-map.ts'

/** A silent slave is asked again at the latest after this long. */
const LONGEST_PAUSE: Duration = 30_000

export interface Slave {
  readonly unit: number
  readonly every: Duration
  readonly timeout: Duration
  readonly points: readonly Mapped[]
  /** Reads of one poll. Finer than the register map suggests where the device refused a merged read. */
  blocks: readonly Block[]
  /** Polls without an answer, in a row. */
  failures: number
  /** On the monotonic clock. */
  due: number
}

export interface Poll {
  readonly readings: readonly WireReading[]
  /** `silent`: the slave did not answer. `lost`: the connection went; the readings are those from before. */
  readonly outcome: 'answered' | 'silent' | 'lost'
  /** Late answers may still come: close the connection. */
  readonly reopen: boolean
}

/** Who is next: of those that are due, slaves that answer go before slaves that are only being tried. */
export function nextSlave(slaves: readonly Slave[], now: number): Slave {
  return slaves.reduce((best, slave) => {
    const bothDue = best.due <= now && slave.due <= now
    if (bothDue && best.failures !== slave.failures) return slave.failures < best.failures ? slave : best
    return slave.due < best.due ? slave : best
  })
}

/** Sets when the slave is due again: its next beat, without catching up on missed ones, or after a growing pause. */
export function reschedule(slave: Slave, { outcome, now }: { outcome: Poll['outcome']; now: number }): void {
  if (outcome === 'silent') {
    const pause = Math.min(LONGEST_PAUSE, slave.every * 2 ** Math.min(slave.failures, 20))
    slave.failures++
    slave.due = now + Math.max(pause, slave.every)
    return
  }
  slave.failures = 0
  const missed = Math.max(0, Math.floor((now - slave.due) / slave.every))
  slave.due += (missed + 1) * slave.every
}

/** Asks for every block once. A point whose read failed is `null` and bad, with the reason. */
export async function pollSlave(
  slave: Slave,
  { connection, now }: { connection: Connection; now(): Instant },
): Promise<Poll> {
  const readings: WireReading[] = []
  const waiting = [...slave.blocks]
  const settled: Block[] = []
  const fail = (blocks: readonly Block[], status: string) => {
    const ts = now()
    for (const { points } of blocks) {
      for (const { point } of points) readings.push({ point, ts, value: null, quality: 'bad', status })
    }
  }
  for (let block = waiting.shift(); block; block = waiting.shift()) {
    const answer = await connection.read(block, slave)
    if (answer.kind === 'lost') return { readings, outcome: 'lost', reopen: false }
    const silence = silenceOf(answer)
    if (silence !== undefined) {
      fail([block, ...waiting], silence)
      return { readings, outcome: 'silent', reopen: answer.kind !== 'exception' }
    }
    if (answer.kind === 'words') {
      const ts = now()
      for (const { point, address, coding } of block.points) {
        readings.push({ point, ts, ...decode(answer.words, { at: address - block.address, coding }) })
      }
    } else if (answer.kind === 'exception') {
      if (blamesAddress(answer.code) && block.points.length > 1) {
        waiting.unshift(...halves(block))
        continue
      }
      fail([block], exceptionName(answer.code))
    }
    settled.push(block)
  }
  slave.blocks = settled
  return { readings, outcome: 'answered', reopen: false }
}

function silenceOf(answer: Answer): string | undefined {
  if (answer.kind === 'silence') return 'no-answer'
  if (answer.kind === 'garbled') return 'garbled-answer'
  return answer.kind === 'exception' && meansSilence(answer.code) ? exceptionName(answer.code) : undefined
}

/** A refused merged read may fail for one register nobody asked for: halving finds it in few requests. */
function halves({ points }: Block): readonly Block[] {
  const middle = points.length >> 1
  return [...blocksOf(points.slice(0, middle)), ...blocksOf(points.slice(middle))]
}
