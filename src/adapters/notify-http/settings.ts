/** Settings that every channel over HTTP has. */
import Type from 'typebox'
import { FileSchema } from '../../model/path-schema.ts'

export const HTTP_SETTINGS = {
  ca: Type.Optional(
    FileSchema({
      description: "PEM file of the authority that signed the peer's certificate, where it is none of the system's",
    }),
  ),
  insecure: Type.Boolean({
    default: false,
    description:
      'Send over plain HTTP beyond this machine all the same: what is sent can be read and forged on the way',
  }),
}

/** An address with `http` or `https`; plain HTTP beyond this machine needs `insecure`. */
export function urlSetting(description: string) {
  // A robot's address is its key: no message shows it.
  return Type.String({
    pattern: '^https?://[^\\s]+$',
    expects: 'an address with https://',
    writeOnly: true,
    description,
  })
}
