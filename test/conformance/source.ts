/** What every `Source` keeps, whatever its protocol; an adapter's test brings a harness with a real peer. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { SourceLost } from '../../src/model/errors.ts'
import type { Frame, Source } from '../../src/model/ports.ts'
import type { FaultProxy } from './fault-proxy.ts'
import { loopbackTurns, type Tap, tapSource } from './tap.ts'

/** A started peer and the source under test, fresh for every property. */
export interface SourceHarness {
  readonly source: Source
  /** The peer sends `n` readings with values never sent before; resolves, once they are under way, with those values.
   *  It must not wait for acknowledgements. */
  emit(n: number): Promise<readonly unknown[]>
  /** The peer dies as the network sees it: its sockets close. */
  losePeer(): Promise<void>
  /** The peer is there again under the same address. */
  restorePeer(): Promise<void>
  /** The peer sends something no door accepts. */
  emitBad?(): Promise<void>
  /** How many messages the peer believes acknowledged since it was started; where the protocol has acknowledgements. */
  acknowledged?(): number | Promise<number>
  /** Frames the source holds that nobody pulled yet. */
  held?(): number
  /** Sockets between source and peer, or listeners of the source, that are still open. */
  connections?(): number | Promise<number>
  /** The wire between source and peer, where there is one that can be spoilt. */
  readonly wire?: FaultProxy
  close(): Promise<void>
}

export interface SourceSuite {
  /** Readings in one message: what `acknowledged` counts is messages. */
  readonly readingsPerMessage?: number
  /** How many readings the back-pressure property sends [2 000], and how many frames the source may hold meanwhile [1 000]. */
  readonly burst?: number
  readonly bound?: number
  /** How long a property waits for what must come, milliseconds [15 000]. */
  readonly patience?: number
  /** Properties that do not apply, each with the reason. */
  readonly gaps?: Readonly<Partial<Record<SourceProperty, string>>>
}

const PROPERTIES = {
  yields: 'opens, goes from connecting to up, and yields what the peer sends',
  'settle-first': 'acknowledges nothing before it is settled',
  'comes-again': 'what was not settled when it closed comes again',
  'back-pressure': 'a consumer that stops pulling bounds what is held, and nothing is lost',
  'peer-lost': 'a lost peer is SourceLost or a link that is not up, and frames flow again once it is back',
  abort: 'abort ends the iteration and frees its sockets, and the source can be opened again',
  'bad-frame': 'a bad frame does not end the source',
  'rejected-acknowledged': 'a rejected frame is acknowledged too, so it cannot block what follows',
  'peer-absent': 'a peer that is not there is a link that is not up, with words why, and it is found once it is there',
  'aborted-before': 'opened with a signal that has aborted, it ends at once',
  'abort-connecting': 'abort while the peer is away ends the iteration',
  again: 'opened and closed again and again, it works each time and leaves nothing open',
  'well-formed': 'every frame is a topic davy/v1/{site}/… and JSON whose times and values are whole',
  'link-truth': 'the link names one peer, is never from the future, and its beginning moves only with its state',
  'in-order': 'what the peer said first of a point comes first',
  'settle-twice': 'settling twice is settling once',
  'settle-late': 'settling after the iteration has ended harms nothing',
  'wire-cut': 'a wire that is cut is a lost link, and what the peer says afterwards comes',
  'wire-reset': 'so is one that is reset',
  'wire-stall': 'a wire on which nothing moves delays, or is a lost link; nothing false comes of it',
  'wire-halved': 'an answer that ends in its middle is never taken for a whole one',
  'wire-corrupt': 'an answer that begins with nonsense is never taken for one',
  'wire-trickle': 'an answer that comes byte by byte is taken whole',
} as const

export type SourceProperty = keyof typeof PROPERTIES

interface Said {
  readonly point?: string
  readonly value: unknown
}

/** The gaps of a source between which and its peer there is no wire to spoil. */
export function noWire(reason: string): Partial<Record<SourceProperty, string>> {
  const wired = Object.keys(PROPERTIES).filter((key) => key.startsWith('wire-')) as SourceProperty[]
  return Object.fromEntries(wired.map((key) => [key, reason]))
}

/** Declares the suite. `makeHarness` is called once a property. */
export function describeSource(name: string, makeHarness: () => Promise<SourceHarness>, suite: SourceSuite = {}): void {
  const { readingsPerMessage = 1, burst = 2_000, bound = 1_000, patience = 15_000, gaps = {} } = suite
  const within = { timeout: patience, interval: 10 }

  describe(`source ${name}`, () => {
    let harness: SourceHarness
    let taps: Tap[] = []

    beforeEach(async () => {
      taps = []
      harness = await makeHarness()
    })
    afterEach(async () => {
      await Promise.all(taps.map((tap) => tap.stop()))
      await harness.close()
    })

    function property(key: SourceProperty, body: () => Promise<void>): void {
      const reason = gaps[key]
      if (reason === undefined) test(PROPERTIES[key], { timeout: patience * 3 }, body)
      else test.skip(`${PROPERTIES[key]} (does not apply: ${reason})`, () => {})
    }

    async function open(settle?: (frame: Frame) => void): Promise<Tap> {
      const tap = tapSource(harness.source, settle ?? ((frame) => frame.settle('journaled')))
      taps.push(tap)
      await expect.poll(() => harness.source.link().state, within).toBe('up')
      return tap
    }

    /** Waits until every one of `values` was yielded at least once. */
    async function seen(tap: Tap, values: readonly unknown[]): Promise<void> {
      await expect
        .poll(() => {
          const got = tap.values()
          return values.filter((value) => !got.has(value)).length
        }, within)
        .toBe(0)
    }

    const acknowledged = async () => await harness.acknowledged?.()
    const messages = (values: readonly unknown[]) => values.length / readingsPerMessage

    property('yields', async () => {
      expect(harness.source.link().state).not.toBe('up')
      const tap = tapSource(harness.source, (frame) => frame.settle('journaled'))
      taps.push(tap)
      expect(['connecting', 'up']).toContain(harness.source.link().state)
      await expect.poll(() => harness.source.link().state, within).toBe('up')
      expect(harness.source.link().peer).not.toBe('')
      const values = await harness.emit(10)
      expect(new Set(values).size).toBe(10)
      await seen(tap, values)
      for (const { topic } of tap.frames) expect(topic).toMatch(/^davy\/v1\/[^/]+/)
      if (harness.acknowledged) await expect.poll(acknowledged, within).toBe(messages(values))
    })

    property('settle-first', async () => {
      const tap = await open(() => {})
      const values = await harness.emit(10)
      await seen(tap, values)
      await loopbackTurns(20)
      expect(await acknowledged()).toBe(0)
      for (const frame of tap.frames) frame.settle('journaled')
      await expect.poll(acknowledged, within).toBe(messages(values))
    })

    property('comes-again', async () => {
      const first = await open(() => {})
      const values = await harness.emit(10)
      await seen(first, values)
      await first.stop()
      for (const frame of first.frames.slice(0, 3)) frame.settle('journaled')
      const second = await open()
      await seen(second, values)
    })

    property('back-pressure', async () => {
      const tap = await open()
      await seen(tap, await harness.emit(1))
      tap.pause()
      const before = tap.frames.length
      const sending = harness.emit(burst)
      let most = 0
      for (let turn = 0; turn < 50; turn++) {
        await loopbackTurns(2)
        most = Math.max(most, harness.held?.() ?? 0)
      }
      expect(most).toBeLessThanOrEqual(bound)
      const settled = tap.frames.length
      expect((await acknowledged()) ?? 0).toBeLessThanOrEqual(settled)
      expect(settled - before).toBeLessThanOrEqual(bound)
      tap.resume()
      const values = await sending
      await seen(tap, values)
      if (harness.acknowledged) await expect.poll(acknowledged, within).toBe(messages(values) + 1 / readingsPerMessage)
    })

    property('peer-lost', async () => {
      const tap = await open()
      await seen(tap, await harness.emit(3))
      await harness.losePeer()
      await expect.poll(() => tap.lost.length > 0 || tap.states.has('down'), within).toBe(true)
      for (const error of tap.lost) expect(error).toBeInstanceOf(SourceLost)
      await harness.restorePeer()
      await expect.poll(() => harness.source.link().state, within).toBe('up')
      await seen(tap, await harness.emit(3))
      expect(tap.failed).toBeUndefined()
    })

    property('abort', async () => {
      const tap = await open()
      await seen(tap, await harness.emit(3))
      await tap.stop()
      expect(tap.failed).toBeUndefined()
      expect(harness.source.link().state).not.toBe('up')
      if (harness.connections) await expect.poll(async () => await harness.connections?.(), within).toBe(0)
      const again = await open()
      await seen(again, await harness.emit(3))
    })

    property('bad-frame', async () => {
      const tap = await open((frame) => frame.settle('rejected'))
      await harness.emitBad?.()
      await seen(tap, await harness.emit(3))
      expect(tap.lost).toEqual([])
      expect(tap.failed).toBeUndefined()
    })

    property('rejected-acknowledged', async () => {
      const tap = await open((frame) => frame.settle('rejected'))
      const values = await harness.emit(5)
      await seen(tap, values)
      if (harness.acknowledged) await expect.poll(acknowledged, within).toBe(messages(values))
      await seen(tap, await harness.emit(5))
    })

    property('peer-absent', async () => {
      await harness.losePeer()
      const tap = tapSource(harness.source, (frame) => frame.settle('journaled'))
      taps.push(tap)
      await expect.poll(() => harness.source.link().reason ?? '', within).toMatch(/\S/)
      expect(harness.source.link().state).not.toBe('up')
      await harness.restorePeer()
      await expect.poll(() => harness.source.link().state, within).toBe('up')
      await seen(tap, await harness.emit(3))
      expect(tap.failed).toBeUndefined()
    })

    property('aborted-before', async () => {
      const batches: unknown[] = []
      for await (const batch of harness.source.open(AbortSignal.abort())) batches.push(batch)
      expect(batches).toEqual([])
      expect(harness.source.link().state).not.toBe('up')
    })

    property('abort-connecting', async () => {
      await harness.losePeer()
      const tap = tapSource(harness.source, (frame) => frame.settle('journaled'))
      await tap.stop()
      expect(tap.failed).toBeUndefined()
      await harness.restorePeer()
    })

    property('again', async () => {
      for (let round = 0; round < 3; round++) {
        const tap = await open()
        await seen(tap, await harness.emit(2))
        await tap.stop()
        expect(tap.failed).toBeUndefined()
      }
      if (harness.connections) await expect.poll(async () => await harness.connections?.(), within).toBe(0)
    })

    property('well-formed', async () => {
      const tap = await open()
      await seen(tap, await harness.emit(5))
      for (const { topic, payload } of tap.frames) {
        expect(topic).toMatch(/^davy\/v1\/[^/]+(\/.+)?$/)
        const parsed: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload))
        for (const reading of (Array.isArray(parsed) ? parsed : [parsed]) as Record<string, unknown>[]) {
          expect(reading).toHaveProperty('value')
          if (typeof reading.ts === 'number') expect(Number.isSafeInteger(reading.ts)).toBe(true)
          if (reading.quality === 'bad') expect(reading.value, 'no last value under bad quality').toBeNull()
        }
      }
    })

    property('link-truth', async () => {
      const tap = await open()
      const { peer, since } = harness.source.link()
      expect(since).toBeLessThanOrEqual(Date.now())
      await seen(tap, await harness.emit(5))
      expect(harness.source.link()).toMatchObject({ state: 'up', peer, since })
      await tap.stop()
      expect(harness.source.link()).toMatchObject({ peer })
      expect(harness.source.link().since).toBeGreaterThanOrEqual(since)
    })

    property('in-order', async () => {
      const tap = await open()
      const values = [...(await harness.emit(3)), ...(await harness.emit(3))]
      await seen(tap, values)
      const firsts = new Map<string, unknown[]>()
      for (const { topic, payload } of tap.frames) {
        const parsed = JSON.parse(new TextDecoder().decode(payload)) as unknown
        for (const { point = topic, value } of (Array.isArray(parsed) ? parsed : [parsed]) as Said[]) {
          const said = firsts.get(point) ?? []
          if (values.includes(value) && !said.includes(value)) firsts.set(point, [...said, value])
        }
      }
      for (const said of firsts.values()) expect(said).toEqual(values.filter((value) => said.includes(value)))
    })

    property('settle-twice', async () => {
      const tap = await open((frame) => {
        frame.settle('journaled')
        frame.settle('journaled')
      })
      const values = await harness.emit(5)
      await seen(tap, values)
      if (harness.acknowledged) await expect.poll(acknowledged, within).toBe(messages(values))
      await seen(tap, await harness.emit(5))
    })

    property('settle-late', async () => {
      const tap = await open(() => {})
      await seen(tap, await harness.emit(3))
      await tap.stop()
      for (const frame of tap.frames) frame.settle('journaled')
      await loopbackTurns(5)
      const again = await open()
      await seen(again, await harness.emit(3))
      expect(again.failed).toBeUndefined()
    })

    /** Spoils the wire, and holds that what came is what was sent, and that what is sent afterwards comes. */
    function spoilt(key: SourceProperty, spoil: (wire: FaultProxy, tap: Tap) => Promise<void> | void): void {
      property(key, async () => {
        const { wire } = harness
        if (!wire) throw new Error('the harness has no wire: list the property under gaps')
        const tap = await open()
        const sent = new Set<unknown>(await harness.emit(3))
        await seen(tap, [...sent])
        const before = new Set(tap.values())
        await spoil(wire, tap)
        // A wire spoils the next that moves on it.
        for (const value of await harness.emit(1)) sent.add(value)
        await expect.poll(() => harness.source.link().state, within).toBe('up')
        const after = await harness.emit(3)
        await seen(tap, after)
        for (const value of after) sent.add(value)
        const foreign = [...tap.values()].filter((value) => !sent.has(value) && !before.has(value) && value !== null)
        expect(foreign, 'nobody sent these').toEqual([])
        expect(tap.failed).toBeUndefined()
      })
    }
    const cutOff = (tap: Tap) => expect.poll(() => tap.lost.length > 0 || tap.states.has('down'), within).toBe(true)

    spoilt('wire-cut', async (wire, tap) => {
      wire.cut()
      await cutOff(tap)
    })
    spoilt('wire-reset', async (wire, tap) => {
      wire.cut({ reset: true })
      await cutOff(tap)
    })
    spoilt('wire-stall', async (wire) => {
      wire.stall()
      await loopbackTurns(50)
      wire.stall(false)
    })
    spoilt('wire-halved', (wire) => wire.halve())
    spoilt('wire-corrupt', (wire) => wire.corrupt(Number.MAX_SAFE_INTEGER))
    spoilt('wire-trickle', (wire) => wire.trickle())
  })
}
