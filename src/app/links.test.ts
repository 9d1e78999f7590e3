import { expect, test } from 'vitest'
import type { LinkCommand } from '../model/command.ts'
import type { Link } from '../model/ports.ts'
import type { Site } from '../model/site.ts'
import { type Linked, watchLinks } from './links.ts'

const sites = new Map(['north', 'south'].map((id) => [id, { id } as Site]))

/** A watch over sources whose links the test sets; `look` is one second. */
function watch(
  names: readonly (readonly [name: string, site?: string])[],
  known: { site: string; source: string }[] = [],
) {
  const links = new Map(names.map(([name]) => [name, { state: 'up', since: 0, peer: name } as Link]))
  const told: string[] = []
  let now = 0
  let look = () => {}
  watchLinks(
    names.map(([name, site]): Linked => ({ name, site, link: () => links.get(name)! })),
    {
      clock: {
        now: () => now,
        every: (_, call) => {
          look = call
          return { cancel() {} }
        },
      },
      installation: () => ({ sites }),
      known,
      tell: ({ site, source, state, ts, reason }: LinkCommand) =>
        told.push([ts / 1_000, site, source, state, reason].filter((part) => part !== undefined).join(' ')),
    },
  )
  return {
    told,
    set: (name: string, link: Partial<Link>) => links.set(name, { ...links.get(name)!, ...link }),
    second() {
      now += 1_000
      look()
    },
  }
}

test('what changes is said once, since it changed; a source of no site in particular is said at each', () => {
  const { told, set, second } = watch([['mqtt'], ['plc', 'north']])
  second()
  expect(told.splice(0)).toEqual(['1 north mqtt up', '1 south mqtt up', '1 north plc up'])
  set('plc', { state: 'down', since: 1_500, reason: 'refused' })
  second()
  second()
  expect(told.splice(0)).toEqual(['1.5 north plc down refused'])
  set('plc', { state: 'connecting', since: 3_200 })
  second()
  expect(told).toEqual([])
  set('plc', { state: 'up', since: 4_500 })
  second()
  expect(told).toEqual(['4.5 north plc up'])
})

test('what stays lost is said again each minute', () => {
  const { told, set, second } = watch([['plc', 'north']])
  set('plc', { state: 'down', since: 0, reason: 'refused' })
  for (let i = 0; i < 130; i++) second()
  expect(told).toEqual(['1 north plc down refused', '61 north plc down refused', '121 north plc down refused'])
})

test('a source that alarms still name, and that is not configured any more, is up', () => {
  const { told } = watch(
    [['plc', 'north']],
    [
      { site: 'north', source: 'plc' },
      { site: 'south', source: 'old-plc' },
    ],
  )
  expect(told).toEqual(['0 south old-plc up'])
})
