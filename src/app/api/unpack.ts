/** Compressed request bodies: gateways on thin lines send gzip. What comes out is bounded like any other body. */
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Refused } from './problems.ts'

/** By the words of `Content-Encoding` (RFC 9110, RFC 8878). */
const DECODERS = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
} as const

/** Bodies of every route may come packed. Fastify counts the unpacked bytes against the route's limit as they appear, so a small
 *  body that unpacks to a huge one is refused at the first byte too many, and unpacked no further. */
export function unpackBodies(app: FastifyInstance): void {
  const decoders = new WeakMap<FastifyRequest, { destroy(): void }>()

  app.addHook('preParsing', async (request, _reply, payload) => {
    const encoding = encodingOf(request)
    if (encoding === 'identity') return payload
    // Fastify holds what it has read against Content-Length, which is that of the packed body.
    const decoder = Object.assign(DECODERS[encoding](), { receivedEncodedLength: 0 })
    decoders.set(request, decoder)
    payload.on('data', (chunk: Buffer) => {
      decoder.receivedEncodedLength += chunk.length
    })
    payload.on('error', (error) => decoder.destroy(error))
    decoder.on('error', (error) =>
      Object.assign(error, { code: PACKED, message: `the body cannot be unpacked as ${encoding}: ${error.message}` }),
    )
    // Not a pipeline: that would close the connection under the answer to a broken body.
    return payload.pipe(decoder)
  })

  app.addHook('onResponse', async (request) => decoders.get(request)?.destroy())
}

/** The code of a body that is not what its `Content-Encoding` says. */
export const PACKED = 'DAVY_BODY_PACKED'

function encodingOf({ headers }: FastifyRequest): keyof typeof DECODERS | 'identity' {
  const given = headers['content-encoding']?.trim().toLowerCase() || 'identity'
  if (given === 'identity' || Object.hasOwn(DECODERS, given)) return given as keyof typeof DECODERS
  throw new Refused('encoding-unknown', { detail: `Content-Encoding is ${JSON.stringify(given.slice(0, 40))}` })
}
