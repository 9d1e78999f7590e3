/** Body of what the data folder's disk has left. */
import Type, { type Static } from 'typebox'
import { DISK_PARTS, type DiskPart } from '../disk/measure.ts'
import type { DiskState } from '../disk/watch.ts'

const DISK_STATES = ['enough', 'low', 'unread'] as const satisfies readonly DiskState[]
const bytes = (description: string) => Type.Number({ minimum: 0, description: `${description}, bytes` })
const PARTS: Readonly<Record<DiskPart, string>> = {
  journal: 'Everything that came in; never pruned',
  history: 'Readings for charts and tracks',
  store: 'Alarms, snapshots, dead letters',
  configurations: 'Sites and rules that were in force',
  other: 'Accounts, audit log, outbox, attachments and the rest of the folder',
}

export const DiskStateWord = Type.Enum(DISK_STATES as unknown as string[], {
  description:
    '`low`: less room than `storage.disk` asks for; `unread`: the system does not say how much there is, so nobody knows',
}) as unknown as ReturnType<typeof Type.Unsafe<DiskState>>

export const DiskBody = Type.Object({
  state: DiskStateWord,
  at: Type.String({ format: 'date-time', description: 'When it was last looked at, ISO 8601 UTC' }),
  free: Type.Optional(bytes('What may still be written')),
  size: Type.Optional(bytes('Of the file system')),
  parts: Type.Optional(
    Type.Object(
      Object.fromEntries(DISK_PARTS.map((part) => [part, bytes(PARTS[part])])) as Record<
        DiskPart,
        ReturnType<typeof bytes>
      >,
      { description: 'What parts of the data folder take' },
    ),
  ),
  perDay: Type.Optional(
    bytes('How much less room there is each day, by the last day or since the start; absent in its first hour'),
  ),
  lastsMs: Type.Optional(
    Type.Number({ description: 'How long the room lasts at that rate, milliseconds; absent where it does not shrink' }),
  ),
  reason: Type.Optional(Type.String({ description: 'Why it could not be measured' })),
})
export type DiskBody = Static<typeof DiskBody>
