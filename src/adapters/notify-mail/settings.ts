/** Settings of mail by SMTP. */
import Type, { type Static } from 'typebox'
import { FileSchema } from '../../model/path-schema.ts'

export const MailSettings = Type.Object(
  {
    host: Type.String({ minLength: 1, description: 'SMTP server' }),
    port: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 65_535,
        description: 'default: 587, 465 with `tls: implicit`, 25 with `none`',
      }),
    ),
    tls: Type.Union([Type.Literal('starttls'), Type.Literal('implicit'), Type.Literal('none')], {
      default: 'starttls',
      description:
        '`starttls`: nothing is sent where the server does not offer it; `none`: in the clear, for a server on this machine',
    }),
    ca: Type.Optional(FileSchema({ description: "PEM file of the authority that signed the server's certificate" })),
    insecure: Type.Boolean({
      default: false,
      description: '`tls: none` beyond this machine all the same: mails and passwords travel in the clear',
    }),
    user: Type.Optional(Type.String({ minLength: 1 })),
    password: Type.Optional(
      Type.String({ minLength: 1, writeOnly: true, description: 'take it from the environment' }),
    ),
    from: Type.String({ minLength: 3, description: 'sender: `Davylamp <davylamp@mine.example>`' }),
  },
  { additionalProperties: false },
)

export type MailSettings = Static<typeof MailSettings>
