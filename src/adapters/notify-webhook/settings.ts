/** Settings of a webhook. */
import Type, { type Static } from 'typebox'
import { HTTP_SETTINGS, urlSetting } from '../notify-http/settings.ts'

export const WebhookSettings = Type.Object(
  {
    url: urlSetting('where events are posted to'),
    secret: Type.Optional(
      Type.String({
        minLength: 16,
        writeOnly: true,
        description:
          'key of the signature in `Davy-Signature`; take it from the environment. Without one the receiver cannot tell who sent',
      }),
    ),
    headers: Type.Record(Type.String(), Type.String(), {
      default: {},
      description: 'more headers, such as `Authorization`',
    }),
    source: Type.String({ minLength: 1, default: '/davylamp', description: '`source` of the events' }),
    ...HTTP_SETTINGS,
  },
  { additionalProperties: false },
)

export type WebhookSettings = Static<typeof WebhookSettings>
