/** The service's log: JSON Lines on standard error, or words where a person watches. */
import pino from 'pino'

export interface Log {
  info(message: string, detail?: Readonly<Record<string, unknown>>): void
  warn(message: string, detail?: Readonly<Record<string, unknown>>): void
  error(message: string, detail?: Readonly<Record<string, unknown>>): void
}

export type LogForm = 'json' | 'words' | 'silent'

export function createLog(form: LogForm): Log {
  if (form === 'silent') return { info() {}, warn() {}, error() {} }
  if (form === 'words') {
    const write = (level: string) => (message: string) => process.stderr.write(`${level}${message}\n`)
    return { info: write(''), warn: write('warning: '), error: write('error: ') }
  }
  const out = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ dest: 2, sync: true }))
  return {
    info: (message, detail) => out.info(detail ?? {}, message),
    warn: (message, detail) => out.warn(detail ?? {}, message),
    error: (message, detail) => out.error(detail ?? {}, message),
  }
}
