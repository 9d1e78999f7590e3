/** An OPC UA subscription as a `Source`: what the thread brings, the watch over its silence, and what is said when it is gone. */
import { setTimeout as pause } from 'node:timers/promises'
import { SourceLost } from '../../model/errors.ts'
import type { AdapterContext, Frame, Link, LinkState, Source } from '../../model/ports.ts'
import type { Duration } from '../../model/time.ts'
import { encodedFrame, frameOf } from '../outgoing.ts'
import { Filling } from './filling.ts'
import { type FromThread, MOST_READINGS, type SessionRequest, type ToThread } from './protocol.ts'
import { beginSession } from './thread.ts'

/** Between two steps from the first word to the thread until the server has a subscription, loading the library included. */
const CONNECT_TIMEOUT: Duration = 30_000
/** How long a closing session may take to say goodbye, or to stop. */
const FAREWELL: Duration = 2_000

/** What is counted of how a gap stands. */
const COUNTED: Readonly<Record<Extract<FromThread, { type: 'gap' }>['state'], string | undefined>> = {
  filling: undefined,
  waiting: 'history could not be read, and was asked for again',
  unfilled: 'a gap could not be filled from the history',
  filled: 'a gap was filled from the history',
}

interface Loss {
  readonly status: 'link-down' | 'link-stale'
  readonly reason: string
}

export class OpcuaSource implements Source {
  readonly name: string
  readonly #site: string
  readonly #request: Omit<SessionRequest, 'since'>
  readonly #context: AdapterContext & { readonly name: string }
  #link: Link
  #filling: Filling | undefined
  readonly #notices = new Map<string, number>()
  /** The items were told that the link is gone; said once, however often the runner tries. */
  #toldGone = false

  constructor(
    { site, request }: { site: string; request: Omit<SessionRequest, 'since'> },
    context: AdapterContext & { readonly name: string },
  ) {
    this.name = context.name
    this.#site = site
    this.#request = request
    this.#context = context
    this.#link = { state: 'down', since: context.now(), reason: 'not opened', peer: request.endpoint }
  }

  /** While it is up, with what is wrong with the past. */
  link(): Link {
    const reason = this.#link.state === 'up' ? this.#filling?.reason : undefined
    return reason === undefined ? this.#link : { ...this.#link, reason }
  }

  notices(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#notices)
  }

  async *open(signal: AbortSignal): AsyncGenerator<readonly Frame[], void, undefined> {
    if (signal.aborted) return
    this.#report('connecting')
    const since = this.#request.items.map(({ point }) => this.#context.heard?.(this.#site, point))
    const points = this.#request.items.map(({ point }) => point)
    const filling = new Filling({ site: this.#site, points, since }, this.#context)
    this.#filling = filling
    if (this.#request.history > 0) await filling.begin()
    if (signal.aborted) return
    const port = beginSession({ ...this.#request, since })
    const tell = (message: ToThread) => port.postMessage(message)
    const inbox: Frame[] = []
    let loss: Loss | undefined
    let heard = performance.now()
    let wake = () => {}
    const ended = Promise.withResolvers<void>()
    const closed = Promise.withResolvers<void>()
    const lose = (how: Loss) => {
      loss ??= how
      wake()
    }
    port.on('message', (message: FromThread) => {
      heard = performance.now()
      if (message.type === 'frame') {
        const { payload, got } = message
        inbox.push(got ? filling.frame(payload, got) : encodedFrame(this.#site, payload))
        this.#toldGone = false
      } else if (message.type === 'up') this.#report('up')
      else if (message.type === 'gap') {
        filling.hear(message)
        this.#count(COUNTED[message.state])
      } else if (message.type === 'log') this.#context.log(message.level, message.message, { source: this.name })
      else if (message.type === 'lost') lose({ status: 'link-down', reason: message.reason })
      else if (message.type === 'ended') ended.resolve()
      wake()
    })
    port.on('close', () => {
      closed.resolve()
      lose({ status: 'link-down', reason: 'the OPC UA thread ended' })
    })
    const abort = () => wake()
    signal.addEventListener('abort', abort)

    try {
      while (!signal.aborted) {
        if (inbox.length > 0) {
          const frames = inbox.splice(0)
          yield frames
          tell({ type: 'taken', frames: frames.length })
          // While nobody pulled, nobody asked the server either: its silence begins now.
          heard = performance.now()
          continue
        }
        if (loss) break
        const patience = this.#link.state === 'up' ? this.#request.staleAfter : CONNECT_TIMEOUT
        const silence = performance.now() - heard
        if (silence >= patience) lose(staleness(this.#link.state, patience))
        else
          await rest(patience - silence, (end) => {
            wake = end
          })
      }
    } finally {
      signal.removeEventListener('abort', abort)
      this.#report('down', loss?.reason ?? 'closed')
      const keep = loss !== undefined
      tell({ type: 'close', keep })
      port.unref()
      // A link that is given up is left as it is, once no more frames come of it; otherwise the server is told goodbye.
      await Promise.race([closed.promise, ...(keep ? [ended.promise] : []), pause(FAREWELL, undefined, { ref: false })])
      filling.end()
    }
    // What was on its way here when the session ended: its server does not send it again.
    if (inbox.length > 0) yield inbox.splice(0)
    if (signal.aborted || !loss) return
    if (!this.#toldGone) {
      this.#toldGone = true
      yield this.#allGone(loss.status)
    }
    throw new SourceLost(`OPC UA server ${this.#link.peer}: ${loss.reason}`, { where: this.name })
  }

  #allGone(status: string): Frame[] {
    const ts = this.#context.now()
    const { items } = this.#request
    const frames: Frame[] = []
    for (let i = 0; i < items.length; i += MOST_READINGS) {
      const part = items.slice(i, i + MOST_READINGS)
      frames.push(
        frameOf(
          this.#site,
          part.map(({ point }) => ({ point, ts, value: null, quality: 'bad', status })),
        ),
      )
    }
    return frames
  }

  #count(notice: string | undefined): void {
    if (notice !== undefined) this.#notices.set(notice, (this.#notices.get(notice) ?? 0) + 1)
  }

  #report(state: LinkState, reason?: string): void {
    const since = state === this.#link.state ? this.#link.since : this.#context.now()
    const { peer } = this.#link
    this.#link = reason === undefined ? { state, since, peer } : { state, since, peer, reason }
  }
}

/** A peer that hangs closes nothing and answers nothing; node-opcua says nothing of it either. */
function staleness(state: LinkState, patience: Duration): Loss {
  return state === 'up'
    ? { status: 'link-stale', reason: `neither data nor keep-alive for ${patience} ms` }
    : { status: 'link-down', reason: `no step towards a subscription for ${patience} ms` }
}

/** Waits until woken, at most `duration`. What arrived while this thread was busy is heard before the wait is found to be over. */
function rest(duration: Duration, onWake: (end: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => setImmediate(resolve), Math.max(1, duration))
    onWake(() => {
      clearTimeout(timer)
      resolve()
    })
  })
}
