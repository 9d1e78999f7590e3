/** The thread that reads a file ahead of its replay. */
import { createReadStream } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { BodyWriter } from '../../adapters/journal-sqlite/codec.ts'
import { DavyError } from '../../model/errors.ts'
import type { Point, PointRef } from '../../model/point.ts'
import { loadConfiguration } from '../configuration.ts'
import type { Read, Reading } from './ahead.ts'
import { createIntake } from './intake.ts'
import { readInput, type Taken } from './read.ts'

const port = parentPort
if (!port) throw new Error('the thread that reads ahead was imported instead of being started')
const say = (said: Read, transfer: readonly ArrayBuffer[] = []) => port.postMessage(said, transfer)

/** Bytes of an entry, about: a guess that is too small only grows. */
const ENTRY = 24

let room = (workerData as Reading).ahead
let free: (() => void) | undefined
port.on('message', () => {
  room += 1
  free?.()
})

/** The door made these points: they know their number. */
const numberOf = (point: PointRef): number => (point as Point).index

function send({ entries, ...taken }: Taken): void {
  const first = { first: 1, at: entries[0]?.at ?? taken.from, capacity: entries.length * ENTRY }
  const writer = new BodyWriter(first, numberOf)
  for (const entry of entries) writer.write(entry)
  const body = writer.seal()
  say({ taken, body }, [body.buffer])
}

async function read({ file, config, hash }: Reading): Promise<void> {
  const { installation } = await loadConfiguration(config, { warn: () => {}, secrets: false })
  if (installation.hash !== hash) {
    throw new DavyError('config-changed', {
      message: 'the configuration was changed while it was being loaded',
      where: config,
      remedy: 'start the replay again',
    })
  }
  const stream = createReadStream(file, { highWaterMark: 1 << 20 })
  for await (const taken of readInput(stream, { intake: createIntake(installation), name: file })) {
    if (room === 0) {
      await new Promise<void>((resolve) => {
        free = resolve
      })
    }
    room -= 1
    send(taken)
  }
}

try {
  await read(workerData as Reading)
  say({ end: true })
} catch (thrown) {
  const { message } = thrown as Error
  const { code = 'internal', where, remedy } = thrown instanceof DavyError ? thrown : {}
  say({ error: { code, message, where, remedy } })
}
port.close()
