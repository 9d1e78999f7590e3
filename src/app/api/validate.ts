/** Checks requests with TypeBox, compiled once a route; queries are converted, bodies are taken as they are. */
import type { FastifyInstance } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { Value } from 'typebox/value'
import { Refused } from './problems.ts'

export function validateWithTypeBox(app: FastifyInstance): void {
  app.setValidatorCompiler<TSchema>(({ schema, httpPart }) => {
    const compiled = Compile(schema)
    return (given: unknown) => {
      // Everything in a query is text; in a body, "12" is not 12. Names in a path are text and stay so.
      const value = httpPart === 'querystring' ? Value.Convert(schema, given) : given
      if (compiled.Check(value)) return { value }
      // What is unknown is said once, by its object; where there is so much of it that its object is not come to, one by one.
      const all = compiled.Errors(value)
      const told = all.filter(({ keyword }) => keyword !== 'boolean')
      const findings = told.length > 0 ? told : all
      const errors = findings.map(({ instancePath, message, params }) => ({
        where: `${httpPart}${instancePath}`,
        code: 'invalid',
        detail: inWords(message, params),
      }))
      const detail = errors.map((error) => `${error.where} ${error.detail}`).join('; ')
      return { error: new Refused('request-invalid', { detail, errors }) }
    }
  })
  // Replies are built by our own types, in the order they are written in; the tests hold them against their schemas.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))
}

/** The library's words, with the names it leaves out. */
function inWords(message: string, params: object): string {
  if ('additionalProperties' in params) return `unknown: ${String(params.additionalProperties)}`
  if ('allowedValues' in params) return `must be one of ${String(params.allowedValues).replaceAll(',', ', ')}`
  if ('allowedValue' in params) return `must be ${String(params.allowedValue)}`
  if (message === 'schema is false') return 'is unknown'
  return message
}
