/** Parameter schemas that several rules share. */
import Type, { type TSchemaOptions, type TUnsafe } from 'typebox'
import { SEVERITIES, type Severity } from '../model/alarm.ts'

/** One of the four severities. */
export function SeveritySchema(options: TSchemaOptions & { readonly default?: Severity } = {}): TUnsafe<Severity> {
  return Type.Unsafe<Severity>({ ...options, type: 'string', enum: [...SEVERITIES] })
}
