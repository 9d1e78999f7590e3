/** Durations in settings and rule parameters: written `90s`, in milliseconds where the program reads them. */
import Type, { type TSchemaOptions, type TUnsafe } from 'typebox'
import type { Duration } from './time.ts'

/** The same as `Type.String({ format: 'duration' })`, but typed as what it becomes once the configuration is loaded.
 *  Not the `duration` of JSON Schema (ISO 8601, `PT90S`): only the loader of the configuration may check it. */
export function DurationSchema(options: TSchemaOptions & { readonly default?: string } = {}): TUnsafe<Duration> {
  return Type.Unsafe<Duration>({ ...options, type: 'string', format: 'duration' })
}
