/** `Idempotency-Key`: a request for which no answer came can be sent again without being taken twice. */
import { createHash } from 'node:crypto'
import Type, { type Static } from 'typebox'
import { Refused } from './problems.ts'

const KEY = /^[\x21-\x7e]{1,200}$/

export const SubmitHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({ pattern: KEY.source, description: 'Names the request: the same one when it is sent again.' }),
  ),
})
export type SubmitHeaders = Static<typeof SubmitHeaders>

/** Gives each reading that nothing else tells apart (neither `ref` nor `ts`) a `ref` made of the key and of what it says. The journal
 *  and the door then know the repeated one, also after a restart, and a key used again by mistake loses no reading that differs. */
export function withKey(readings: readonly unknown[], key: string | undefined): readonly unknown[] {
  if (key === undefined) return readings
  if (!KEY.test(key)) {
    throw new Refused('request-invalid', {
      detail: 'Idempotency-Key is not 1 to 200 printable characters without blanks',
    })
  }
  // Equal readings within one request are different ones; in the same request sent again they stand in the same order.
  const times = new Map<string, number>()
  return readings.map((item) => {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) return item
    const { ref, ts } = item as { ref?: unknown; ts?: unknown }
    if (ref !== undefined || ts !== undefined) return item
    const said = createHash('sha256')
      .update(`${key}\n${JSON.stringify(item)}`)
      .digest('base64url')
      .slice(0, 22)
    const time = (times.get(said) ?? 0) + 1
    times.set(said, time)
    return { ...item, ref: time === 1 ? `key:${said}` : `key:${said}:${time}` }
  })
}
