/** Settings of an SMS gateway. */
import Type, { type Static } from 'typebox'
import { HTTP_SETTINGS, urlSetting } from '../notify-http/settings.ts'

export const SmsSettings = Type.Object(
  {
    url: urlSetting('address of the gateway; may hold {phone}, {text} and {id}, which are encoded for an address'),
    method: Type.Union([Type.Literal('POST'), Type.Literal('PUT'), Type.Literal('GET')], { default: 'POST' }),
    headers: Type.Record(Type.String(), Type.String(), {
      default: {},
      description: 'headers, such as `Authorization`; may hold {id}',
    }),
    body: Type.String({
      default: '{"phone":"{phone}","text":"{text}","id":"{id}"}',
      description:
        'body of the request, with {phone}, {text} and {id}; they are written as the content type asks: JSON, a form, XML, or as they are',
    }),
    type: Type.String({ default: 'application/json', description: 'content type of the body' }),
    success: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'what an answer with status 2xx must hold for the message to count as sent, as a regular expression: `"code":\\s*0`. Default: the status alone',
      }),
    ),
    refused: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'what an answer with status 2xx holds where the gateway will never take the message: it is not tried again',
      }),
    ),
    ...HTTP_SETTINGS,
  },
  { additionalProperties: false },
)

export type SmsSettings = Static<typeof SmsSettings>

/** What a template of a request may hold. */
export const SMS_PLACEHOLDERS = ['phone', 'text', 'id'] as const
