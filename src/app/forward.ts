/** Forwards what the journal holds to a peer above: in order, at least once, from a cursor that survives a crash. */
import { open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { ForwardSettings } from '../adapters/forward/settings.ts'
import type { Entry, Offset } from '../model/entry.ts'
import { DavyError, type DeadLetter } from '../model/errors.ts'
import type { AlarmStore, Journal, Link, SiteReadings, Uplink } from '../model/ports.ts'
import type { Measurement } from '../model/reading.ts'
import { type Duration, SECOND } from '../model/time.ts'
import type { Clock } from './clock.ts'
import type { Log } from './log.ts'
import { untilAborted } from './until-aborted.ts'

export interface ForwardView {
  readonly name: string
  readonly link: Link
  /** Entries of the journal, and transitions, that the peer has not acknowledged yet. */
  readonly behind: number
  /** Readings and transitions acknowledged since the start. */
  readonly sent: number
  /** Of these the peer would not take so many more: they are kept as dead letters. */
  readonly refused: number
}

export interface Forward {
  view(): ForwardView
  /** Something was journaled or published. */
  wake(): void
  /** Sends up again what was set aside, as `Uplink.sendAgain`. */
  sendAgain(letter: Pick<DeadLetter, 'topic' | 'payload'>): Promise<string | undefined>
  /** Ends without waiting for the peer: what it has not acknowledged is sent at the next start. */
  stop(): Promise<void>
}

/** What the peer has: up to which entry, and up to which transition. */
interface Cursor {
  offset: Offset
  seq: number
}

/** Transitions in one turn. */
const TRANSITIONS = 500
/** Entries without a reading after which the cursor is written down all the same. */
const IDLE_ENTRIES = 1_000
/** What may go up at once while a backlog is paced. */
const PORTION: Duration = SECOND / 10
/** Between two tries of what failed for a reason of our own. */
const PAUSE = 5 * SECOND

/** Reads the cursor, and begins. The peer may be away for as long as it likes: nothing is held but the batch under way. */
export async function startForward({
  settings,
  data,
  journal,
  alarms,
  uplink,
  refused,
  clock,
  log,
}: {
  readonly settings: ForwardSettings
  readonly data: string
  readonly journal: Pick<Journal, 'read' | 'last'>
  readonly alarms: Pick<AlarmStore, 'since' | 'last'>
  readonly uplink: Uplink
  /** How much the uplink has set aside. */
  readonly refused: () => number
  readonly clock: Pick<Clock, 'now' | 'wait'>
  readonly log: Log
}): Promise<Forward> {
  const file = join(data, `forward-${settings.name}.json`)
  const ends: Cursor = { offset: journal.last(), seq: await alarms.last() }
  const known = await readCursor(file)
  const cursor = known ?? (settings.from === 'start' ? { offset: 0, seq: 0 } : { ...ends })
  // A store that was lost numbers anew: a place ahead of it would keep everything from the peer until it is reached.
  for (const place of ['offset', 'seq'] as const) {
    if (cursor[place] <= ends[place]) continue
    const what = place === 'offset' ? 'readings' : 'alarms'
    log.warn(`forward ${settings.name}: what holds the ${what} was begun anew: all of them are sent again`)
    cursor[place] = 0
  }
  const sites = settings.sites && new Set(settings.sites)
  const wanted = (site: string) => !sites || sites.has(site)
  const stopping = new AbortController()
  const { signal } = stopping
  let woken = Promise.withResolvers<void>()
  let sent = 0
  let newest = cursor.seq
  let remembered = cursor.offset
  /** When what was sent is within the rate. */
  let due = 0
  const most = Math.max(1, Math.round((settings.rate * PORTION) / SECOND))

  // Where it begins is known from now on, also to whoever begins again before the peer has acknowledged anything.
  if (!known) await writeCursor(file, cursor)
  signal.addEventListener('abort', () => woken.resolve())

  async function sendReadings(): Promise<boolean> {
    if (!settings.readings) {
      cursor.offset = journal.last()
      return false
    }
    let moved = false
    for await (const entries of journal.read(cursor.offset + 1, signal)) {
      for (const { bySite, count, upTo } of portionsOf(entries, { wanted, most })) {
        const began = clock.now()
        if (count > 0) await untilAborted(uplink.sendReadings(messagesOf(bySite, settings.batch)), signal)
        cursor.offset = upTo
        sent += count
        moved ||= count > 0
        // Where only the clock ticked there is nothing to remember but that it did.
        if (count > 0 || cursor.offset - remembered > IDLE_ENTRIES) {
          await writeCursor(file, cursor)
          remembered = cursor.offset
        }
        due = Math.max(due, began) + (count / settings.rate) * SECOND
        if (journal.last() > cursor.offset && due > clock.now()) await clock.wait(due - clock.now(), signal)
        if (signal.aborted) return moved
      }
    }
    return moved
  }

  async function sendAlarms(): Promise<boolean> {
    if (!settings.alarms) return false
    const streamed = await alarms.since(cursor.seq, TRANSITIONS)
    if (streamed.length === 0) return false
    const own = streamed.map(({ transition }) => transition).filter(({ site }) => wanted(site))
    if (own.length > 0) await untilAborted(uplink.sendTransitions(own), signal)
    cursor.seq = streamed.at(-1)!.seq
    await writeCursor(file, cursor)
    sent += own.length
    return true
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      try {
        const turn = woken.promise
        const moved = [await sendReadings(), await sendAlarms()]
        if (moved.some(Boolean)) continue
        newest = await alarms.last()
        await turn
        woken = Promise.withResolvers<void>()
      } catch (error) {
        if (signal.aborted) return
        log.error(`forward ${settings.name}: ${String(error)}; trying again in ${PAUSE} ms`)
        await clock.wait(PAUSE, signal)
      }
    }
  }

  const running = run()
  return {
    view: () => ({
      name: settings.name,
      link: uplink.link(),
      behind: Math.max(0, journal.last() - cursor.offset) + (settings.alarms ? Math.max(0, newest - cursor.seq) : 0),
      sent: sent - refused(),
      refused: refused(),
    }),
    wake: () => woken.resolve(),
    async sendAgain(letter) {
      if (uplink.sendAgain) return uplink.sendAgain(letter)
      throw new DavyError('forward-down', { message: `${settings.name} sends nothing again` })
    },
    async stop() {
      stopping.abort()
      await running
      await uplink.close()
    },
  }
}

interface Portion {
  readonly bySite: ReadonlyMap<string, readonly Measurement[]>
  readonly count: number
  /** The last entry it stands for. */
  readonly upTo: Offset
}

/** A read of the journal, cut so that each part has at most so many readings that are wanted. */
function* portionsOf(
  entries: readonly Entry[],
  { wanted, most }: { readonly wanted: (site: string) => boolean; readonly most: number },
): Generator<Portion> {
  let bySite = new Map<string, Measurement[]>()
  let count = 0
  for (const [i, entry] of entries.entries()) {
    if (entry.type === 'reading' && wanted(entry.reading.point.siteId)) {
      const { siteId } = entry.reading.point
      const own = bySite.get(siteId)
      if (own) own.push(entry.reading)
      else bySite.set(siteId, [entry.reading])
      count += 1
    }
    if (count < most && i < entries.length - 1) continue
    yield { bySite, count, upTo: entry.offset }
    bySite = new Map()
    count = 0
  }
}

/** One message a site and batch, as the door above takes it: a reading without its site, `ref` and all, so that it is known again. */
function messagesOf(bySite: ReadonlyMap<string, readonly Measurement[]>, batch: number): SiteReadings[] {
  const messages: SiteReadings[] = []
  for (const [site, readings] of bySite) {
    for (let i = 0; i < readings.length; i += batch) {
      const lines = readings.slice(i, i + batch).map(({ point, ts, value, quality, status, ref }) => ({
        point: point.id,
        ts,
        value,
        quality,
        ...(status !== undefined && { status }),
        ...(ref !== undefined && { ref }),
      }))
      messages.push({ site, payload: JSON.stringify(lines) })
    }
  }
  return messages
}

/** `undefined` before the first one. Throws where the file is there and cannot be read: begun anew, days of readings would go up again. */
async function readCursor(file: string): Promise<Cursor | undefined> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  const { offset, seq } = JSON.parse(text) as Partial<Cursor>
  if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(seq)) throw new Error(`${file} is not a cursor`)
  return { offset: offset!, seq: seq! }
}

/** Whole or not at all; behind by one batch after a power cut, which the peer then knows again. */
async function writeCursor(file: string, cursor: Cursor): Promise<void> {
  const handle = await open(`${file}.new`, 'w', 0o600)
  try {
    await handle.writeFile(JSON.stringify(cursor))
    await handle.datasync()
  } finally {
    await handle.close()
  }
  await rename(`${file}.new`, file)
}
