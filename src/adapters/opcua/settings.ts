/** Settings of an OPC UA source: one server, how to log in, and which nodes are which points. */
import Type, { type Static } from 'typebox'
import { DurationSchema } from '../../model/duration-schema.ts'
import { FileSchema, FolderSchema } from '../../model/path-schema.ts'

const ItemSettings = Type.Object(
  {
    node: Type.String({
      pattern: '^((ns=\\d+|nsu=[^;]+);)?[isgb]=.+$',
      expects: 'a node id such as ns=2;s=Face101.CH4',
      description:
        'Node id: `ns=2;s=Face101.CH4`, or `nsu=urn:plc:tags;s=…` where the index of the namespace may change; also `i=`, `g=`, `b=`',
    }),
    point: Type.String({ minLength: 1, description: 'Id of the point, as the site declares it' }),
    element: Type.Optional(
      Type.Integer({ minimum: 0, description: 'Which element, from 0, where the value is an array' }),
    ),
    sampling: DurationSchema({
      default: '1s',
      description: 'How often the server looks at the value; the server may revise it',
    }),
    queue: Type.Integer({
      minimum: 1,
      maximum: 10_000,
      default: 10,
      description: 'Values the server keeps between two publish responses; then it drops the oldest',
    }),
    deadband: Type.Optional(
      Type.Number({ exclusiveMinimum: 0, description: "Smaller changes are not reported; in the value's own unit" }),
    ),
  },
  { additionalProperties: false },
)

export const OpcuaSettings = Type.Object(
  {
    endpoint: Type.String({
      pattern: '^opc\\.tcp://',
      expects: 'opc.tcp://host:port',
      description: 'URL of the server',
    }),
    site: Type.String({ minLength: 1, description: 'Site whose points these are' }),
    security: Type.Union([Type.Literal('None'), Type.Literal('Basic256Sha256')], {
      default: 'None',
      description: 'Security policy of the connection',
    }),
    mode: Type.Union([Type.Literal('Sign'), Type.Literal('SignAndEncrypt')], {
      default: 'SignAndEncrypt',
      description: 'Security mode, where the policy is not None',
    }),
    user: Type.Optional(Type.String({ minLength: 1, description: 'User name; without it the login is anonymous' })),
    passwordFile: Type.Optional(
      FileSchema({ description: "File that holds the user's password; a line end after it is ignored" }),
    ),
    certificates: Type.Optional(
      FolderSchema({
        description: 'Folder of own, trusted and rejected certificates; needed where security is not None',
      }),
    ),
    items: Type.Array(ItemSettings, { minItems: 1, description: 'Nodes watched' }),
    publishing: DurationSchema({ default: '1s', description: 'How often the server sends what changed' }),
    staleAfter: DurationSchema({
      default: '10s',
      description: 'With neither data nor keep-alive for so long the server counts as lost',
    }),
    restate: DurationSchema({
      default: '10s',
      description: 'How often an unchanged good value is stated again while the server vouches for it',
    }),
    history: Type.Union([Type.Literal('never'), DurationSchema()], {
      default: '1h',
      expects: 'a duration such as 30m or 8h, or never',
      description:
        "After a break, or a start of this service, at most so much of the server's own history is read, back to the newest reading in the journal; an item that was never heard has none",
    }),
  },
  { additionalProperties: false },
)

export type OpcuaSettings = Static<typeof OpcuaSettings>
