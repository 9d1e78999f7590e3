/** The moment between reading back and going live, held open on purpose. */
import type { ServerResponse } from 'node:http'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { StreamedTransition } from '../../model/ports.ts'
import { systemClock } from '../clock.ts'
import type { Masking } from '../privacy/masking.ts'
import type { Service } from '../service.ts'
import { StreamHub } from './stream.ts'
import { step } from './test-mine.ts'

let stored: StreamedTransition[]
let say: (batch: readonly StreamedTransition[]) => void
/** Runs after a look into the store, before its answer is known. */
let meanwhile: (found: readonly StreamedTransition[], limit: number) => void
let hub: StreamHub
let out: PassThrough
let text: string

beforeEach(() => {
  stored = []
  meanwhile = () => {}
  const service = {
    now: () => 0,
    installation: () => ({ sites: new Map() }),
    sources: () => [],
    forwards: () => [],
    alarms: {
      async since(seq: number, limit: number) {
        const found = stored.filter((one) => one.seq > seq).slice(0, limit)
        meanwhile(found, limit)
        return found
      },
      last: async () => stored.at(-1)?.seq ?? 0,
    },
    onTransitions(listener: typeof say) {
      say = listener
      return () => {}
    },
    onChange: () => () => {},
  } as unknown as Service
  hub = new StreamHub({ service, clock: systemClock(), masking: {} as Masking, buffer: 1000 })
  text = ''
  out = new PassThrough()
  out.setEncoding('utf8').on('data', (chunk) => {
    text += chunk
  })
})
afterEach(() => {
  hub.close()
  out.destroy()
})

const of = (...seqs: number[]) => seqs.map((seq) => ({ seq, transition: step(seq) }))
const ids = () => [...text.matchAll(/id: (\d+)\nevent: transition/g)].map(([, id]) => Number(id))
const open = (after?: number) => hub.open(out as unknown as ServerResponse, { after, mask: false, stands: () => true })

test('what is published between the last empty look and going live is not lost', async () => {
  stored = of(1, 2)
  let published = false
  meanwhile = (found, limit) => {
    // Looks of one item only ask for the newest number.
    if (found.length > 0 || limit === 1 || published) return
    published = true
    stored.push(...of(3))
    say(of(3))
  }
  await open(0)
  expect(published).toBe(true)
  await expect.poll(ids).toEqual([1, 2, 3])
})

test('a batch that leaves a gap or overlaps is made whole from the store', async () => {
  stored = of(1)
  await open()
  stored.push(...of(2, 3, 4))
  say(of(4))
  await expect.poll(ids).toEqual([2, 3, 4])
  stored.push(...of(5, 6))
  say(of(3, 4, 5, 6))
  await expect.poll(ids).toEqual([2, 3, 4, 5, 6])
  say(of(5, 6))
  stored.push(...of(7))
  say(of(7))
  await expect.poll(ids).toEqual([2, 3, 4, 5, 6, 7])
})

test('a store that fails ends the stream, so that its reader comes back', async () => {
  meanwhile = () => {
    throw new Error('store closed')
  }
  await open(0)
  expect(out.destroyed).toBe(true)
})
