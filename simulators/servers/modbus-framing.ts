/** How a request and its answer travel: with Modbus TCP's header, or as a serial frame with a checksum. */

export type Framing = 'tcp' | 'rtu'

/** A request cut from what came in; `length` bytes of it are done with. */
export interface Request {
  readonly unit: number
  readonly pdu: Buffer
  readonly length: number
  /** The answer as bytes on the wire. */
  wrap(pdu: Buffer): Buffer
}

/** The next whole request, or `undefined` until more has come. */
export function cut(bytes: Buffer, framing: Framing): Request | undefined {
  return framing === 'tcp' ? cutTcp(bytes) : cutRtu(bytes)
}

function cutTcp(bytes: Buffer): Request | undefined {
  if (bytes.length < 8) return undefined
  const length = 6 + bytes.readUInt16BE(4)
  if (bytes.length < length) return undefined
  const header = Buffer.from(bytes.subarray(0, 7))
  return {
    unit: header[6]!,
    pdu: bytes.subarray(7, length),
    length,
    wrap(pdu) {
      header.writeUInt16BE(pdu.length + 1, 4)
      return Buffer.concat([header, pdu])
    },
  }
}

/** Reads are all of eight bytes: unit, function, address, count, checksum. */
function cutRtu(bytes: Buffer): Request | undefined {
  if (bytes.length < 8) return undefined
  const unit = bytes[0]!
  return {
    unit,
    pdu: bytes.subarray(1, 6),
    length: 8,
    wrap: (pdu) => checked(Buffer.concat([Buffer.from([unit]), pdu])),
  }
}

/** CRC-16 of the Modbus serial line specification, low byte first. */
function checked(frame: Buffer): Buffer {
  let crc = 0xffff
  for (const byte of frame) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1
  }
  return Buffer.concat([frame, Buffer.from([crc & 0xff, crc >>> 8])])
}
