/** Times in cases: offsets from the case's start (`0s`, `1m30s`), spans of them (`0s..5m`), and numbered names (`c-01..c-26`). */
import { type Duration, parseDuration } from '../../model/time.ts'

const PART = /\d+(?:\.\d+)?(?:ms|s|m|h|d)/gy

/** Reads `0s`, `90s`, `1m30s`, `1h`; `undefined` for anything else. */
export function parseOffset(text: string): Duration | undefined {
  let sum = 0
  let end = 0
  PART.lastIndex = 0
  for (let part = PART.exec(text); part; part = PART.exec(text)) {
    sum += parseDuration(part[0])!
    end = PART.lastIndex
  }
  return end === text.length && end > 0 ? sum : undefined
}

/** Reads an offset, or a span of them. */
export function parseSpan(text: string): readonly [Duration, Duration] | undefined {
  const [first = '', last = first, more] = text.split('..')
  const from = parseOffset(first)
  const to = parseOffset(last)
  return from === undefined || to === undefined || to < from || more !== undefined ? undefined : [from, to]
}

/** Writes an offset as a case would: `0s`, `1m30s`, `1h0.5s`. */
export function formatOffset(offset: Duration): string {
  if (offset < 0) return `-${formatOffset(-offset)}`
  let rest = offset
  let text = ''
  for (const [unit, size] of [
    ['h', 3_600_000],
    ['m', 60_000],
  ] as const) {
    const whole = Math.floor(rest / size)
    if (whole > 0) text += `${whole}${unit}`
    rest -= whole * size
  }
  return rest > 0 || text === '' ? `${text}${rest / 1_000}s` : text
}

const NUMBERED = /^(.*?)(\d+)\.\.(?:(.*?))(\d+)$/

/** `c-01..c-03`, or `c-01..03`, is three names; anything else is itself. Commas and lists join. */
export function expandNames(names: string | readonly string[]): readonly string[] {
  const listed = typeof names === 'string' ? names.split(',').map((name) => name.trim()) : names
  return listed.flatMap((name) => {
    const match = NUMBERED.exec(name)
    if (!match) return [name]
    const [, prefix = '', first = '', again = '', last = ''] = match
    if (again !== '' && again !== prefix) return [name]
    const count = Number(last) - Number(first) + 1
    if (count < 1) return [name]
    return Array.from({ length: count }, (_, i) => prefix + String(Number(first) + i).padStart(first.length, '0'))
  })
}
