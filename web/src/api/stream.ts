/** The event stream, kept open: resumes by itself, notices a silent death, and says whether it is live. */
import type { CountsEvent, HelloEvent, LinksEvent, TrafficEvent, TransitionBody } from './types.ts'

export interface StreamEvents {
  hello(hello: HelloEvent): void
  transitions(batch: readonly TransitionBody[]): void
  counts(event: CountsEvent): void
  links(event: LinksEvent): void
  traffic(event: TrafficEvent): void
  /** `heard`: when anything last came, by this computer's clock. */
  lost(heard: number): void
  /** Resolves where the service answers and the session holds; rejects otherwise. */
  probe(): Promise<unknown>
}

export interface Stream {
  /** Reconnects at once rather than at the next attempt. */
  retry(): void
  close(): void
}

/** Nothing heard for so long: ask whether the service is there. */
const SILENCE = 10_000
/** Nothing heard for so long although it answers: open the stream anew. */
const DEAD = 45_000
const AGAIN = 2_000

/** Opens `/api/v1/stream`. The browser resumes broken connections with `Last-Event-ID`; refused ones are opened anew here. */
export function openStream(events: StreamEvents): Stream {
  let source: EventSource
  let heard = Date.now()
  let again: ReturnType<typeof setTimeout> | undefined
  let probing = false
  let closed = false
  /** Where a stream opened anew goes on; the browser's own reconnection keeps count itself. */
  let last = ''
  /** Transitions arrive in bursts; one batch a task means one rendering a burst. */
  let burst: TransitionBody[] = []

  const flush = () => {
    const batch = burst
    burst = []
    if (batch.length > 0 && !closed) events.transitions(batch)
  }

  const on = (name: string, take: (data: never) => void) =>
    source.addEventListener(name, (event) => {
      const { data, lastEventId } = event as MessageEvent<string>
      heard = Date.now()
      last = lastEventId
      take(JSON.parse(data) as never)
    })

  const open = () => {
    clearTimeout(again)
    source?.close()
    if (closed) return
    source = new EventSource(`/api/v1/stream${last === '' ? '' : `?lastEventId=${last}`}`)
    source.onopen = () => {
      heard = Date.now()
    }
    source.onerror = () => {
      events.lost(heard)
      if (source.readyState !== EventSource.CLOSED) return // the browser tries again, with Last-Event-ID
      events.probe().catch(() => {}) // a 401 ends the session there
      again = setTimeout(open, AGAIN)
    }
    on('hello', (hello: HelloEvent) => events.hello(hello))
    on('counts', (counts: CountsEvent) => events.counts(counts))
    on('links', (links: LinksEvent) => events.links(links))
    on('traffic', (traffic: TrafficEvent) => events.traffic(traffic))
    on('transition', (transition: TransitionBody) => {
      if (burst.push(transition) === 1) queueMicrotask(() => setTimeout(flush))
    })
  }

  /** A pulled cable breaks nothing the browser would notice: silence has to be asked about. */
  const watch = setInterval(async () => {
    const silence = Date.now() - heard
    if (probing || silence < SILENCE || source.readyState !== EventSource.OPEN) return
    probing = true
    try {
      await events.probe()
      if (Date.now() - heard > DEAD) open()
    } catch {
      events.lost(heard)
      open()
    } finally {
      probing = false
    }
  }, 2_500)

  open()
  return {
    retry: open,
    close() {
      closed = true
      clearInterval(watch)
      clearTimeout(again)
      source.close()
    },
  }
}
