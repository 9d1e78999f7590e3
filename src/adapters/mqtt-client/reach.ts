/** How a broker elsewhere is reached: settings that the client and the way up share. */
import Type, { type Static } from 'typebox'
import { FileSchema } from '../../model/path-schema.ts'

/** Properties to spread into the settings of whoever talks to a broker. */
export const MQTT_PEER = {
  url: Type.String({
    pattern: '^mqtts?://[^/@\\s]+/?$',
    expects: 'mqtt://host:1883 or mqtts://host:8883, without user and password',
    description: '`mqtt://host[:1883]`, or `mqtts://host[:8883]` for TLS; credentials have their own settings',
  }),
  username: Type.Optional(Type.String({ minLength: 1 })),
  passwordFile: Type.Optional(FileSchema({ description: 'file that holds the password' })),
  tls: Type.Optional(
    Type.Object(
      {
        ca: Type.Optional(FileSchema({ description: "file of the authority that signed the broker's certificate" })),
        cert: Type.Optional(FileSchema({ description: 'file of our client certificate' })),
        key: Type.Optional(FileSchema({ description: 'file of its private key' })),
      },
      { additionalProperties: false },
    ),
  ),
}

const Peer = Type.Object(MQTT_PEER)

/** What is wrong with settings that are each well formed; `undefined`: nothing. */
export function misfitOf({ url, username, passwordFile, tls }: Static<typeof Peer>): string | undefined {
  if (!URL.canParse(url)) return `"${url.replace(/^mqtts?:[/][/]/, '')}" is no host and port`
  if (tls && url.startsWith('mqtt:')) return '`tls` is for mqtts://: with mqtt:// everything travels in the clear'
  if (passwordFile !== undefined && username === undefined) {
    return '`passwordFile` without `username`: a broker takes no such login'
  }
  return undefined
}
