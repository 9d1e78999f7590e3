/** What a slave's exception codes are called in a reading's `status`. */

const NAMES: Readonly<Record<number, string>> = {
  1: 'illegal-function',
  2: 'illegal-address',
  3: 'illegal-value',
  4: 'device-failure',
  5: 'acknowledge',
  6: 'device-busy',
  7: 'negative-acknowledge',
  8: 'memory-parity-error',
  10: 'gateway-path-unavailable',
  11: 'gateway-no-answer',
}

export function exceptionName(code: number): string {
  return NAMES[code] ?? `exception-${code}`
}

/** The gateway speaks, the slave behind it does not: as good as a timeout. */
export function meansSilence(code: number): boolean {
  return code === 10 || code === 11
}

/** One bad register spoils the whole block it was merged into. */
export function blamesAddress(code: number): boolean {
  return code === 2 || code === 3
}
