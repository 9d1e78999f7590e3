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
      const errors = compiled.Errors(value).map(({ instancePath, message, params }) => ({
        where: `${httpPart}${instancePath}`,
        code: 'invalid',
        detail: 'additionalProperties' in params ? `unknown: ${String(params.additionalProperties)}` : message,
      }))
      const detail = errors.map((error) => `${error.where} ${error.detail}`).join('; ')
      return { error: new Refused('request-invalid', { detail, errors }) }
    }
  })
  // Replies are built by our own types, in the order they are written in; the tests hold them against their schemas.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))
}
