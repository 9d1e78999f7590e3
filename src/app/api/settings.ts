/** Settings of the HTTP API (`api:` in davy.yaml), each with its default. */
import Type, { type Static } from 'typebox'
import { Value } from 'typebox/value'

export const ApiSettings = Type.Object(
  {
    bodyLimit: Type.Integer({ default: 1_048_576, minimum: 1024, description: 'Largest request body, bytes' }),
    requestsPerMinute: Type.Integer({
      default: 6000,
      minimum: 1,
      description: 'Requests an address may make a minute; acknowledgements, readings, health and metrics do not count',
    }),
    loginsPerMinute: Type.Integer({ default: 10, minimum: 1, description: 'Logins an address may try a minute' }),
    trustProxy: Type.Boolean({
      default: false,
      description: 'Whether X-Forwarded-* is believed; only behind a proxy that sets it',
    }),
    streams: Type.Integer({ default: 2000, minimum: 1, description: 'Most event streams open at once' }),
    streamBuffer: Type.Integer({
      default: 1_048_576,
      minimum: 1024,
      description: 'Bytes a slow stream may lag behind before it is closed, to resume',
    }),
  },
  { additionalProperties: false },
)
export type ApiSettings = Static<typeof ApiSettings>

/** What holds where nothing is configured. */
export const API_DEFAULTS: ApiSettings = Value.Default(ApiSettings, {}) as ApiSettings
