/** When the room on the disk of the data folder is told to be little. */
import Type, { type Static } from 'typebox'
import { DurationSchema } from '../../model/duration-schema.ts'

export const DiskSettings = Type.Object(
  {
    every: DurationSchema({ default: '1m', description: 'How often it is looked at: once a second at the most.' }),
    leastShare: Type.Number({
      default: 5,
      minimum: 0,
      maximum: 100,
      description:
        'Per cent of the disk. With less free the page, the log and the metrics say that it runs full. 0: never by that.',
    }),
    leastTime: DurationSchema({
      default: '7d',
      description:
        'The same where the free room lasts less long, at the rate of the last day, or since the start once that is an hour ago. `0s`: never by that.',
    }),
  },
  { description: "The watch over the data folder's disk: [operations](../operations.md#when-the-disk-runs-full)." },
)
export type DiskSettings = Static<typeof DiskSettings>
