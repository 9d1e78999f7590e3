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
  const links = new Map<string, Link>()
  const linked = ([name, site]: readonly [name: string, site?: string]): Linked => {
    if (!links.has(name)) links.set(name, { state: 'up', since: 0, peer: name })
    return { name, site, link: () => links.get(name)! }
  }
  let sources = names.map(linked)
  const told: string[] = []
  const closed = new Set<string>()
  let now = 0
  let look = () => {}
  watchLinks(() => sources, {
    clock: {
      now: () => now,
      every: (_, call) => {
        look = call
        return { cancel() {} }
      },
    },
    installation: () => ({ sites: new Map([...sites].filter(([id]) => !closed.has(id))) }),
    known,
    tell: ({ site, source, state, by, ts, reason }: LinkCommand) => {
      expect(by).toBe(state === 'removed' ? 'configuration' : 'system')
      told.push([ts / 1_000, site, source, state, reason].filter((part) => part !== undefined).join(' '))
    },
  })
  return {
    told,
    closed,
    /** Another list of sources is in force. */
    configure(next: readonly (readonly [name: string, site?: string])[]) {
      sources = next.map(linked)
    },
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

test('a source that alarms still name, and that is not configured any more, was removed', () => {
  const { told, second } = watch(
    [['plc', 'north']],
    [
      { site: 'north', source: 'plc' },
      { site: 'south', source: 'old-plc' },
      { site: 'gone', source: 'plc' },
    ],
  )
  second()
  second()
  expect(told).toEqual(['1 north plc up', '1 south old-plc removed'])
})

test('a source taken out of the configuration is said to be removed, once; the others are not spoken of', () => {
  const { told, configure, set, second } = watch([['mqtt'], ['plc', 'north']])
  set('plc', { state: 'down', since: 0, reason: 'refused' })
  second()
  told.length = 0
  configure([['mqtt']])
  for (let i = 0; i < 130; i++) second()
  expect(told.splice(0)).toEqual(['2 north plc removed'])
  configure([['mqtt'], ['plc', 'north']])
  second()
  expect(told).toEqual(['132 north plc down refused'])
})

test('a source that serves another site now is removed from the one and said of at the other', () => {
  const { told, configure, second } = watch([['plc', 'north']])
  second()
  told.length = 0
  configure([['plc', 'south']])
  second()
  expect(told).toEqual(['2 south plc up', '2 north plc removed'])
})

test('a source begun anew under its name goes on where the old one was: its loss since it began, its return since it is there', () => {
  const { told, set, second } = watch([['plc', 'north']])
  second()
  told.length = 0
  set('plc', { state: 'connecting', since: 1_500 })
  second()
  set('plc', { state: 'up', since: 2_500 })
  second()
  expect(told).toEqual(['1.5 north plc down', '2.5 north plc up'])
})

test('a site that is new hears of every source that is lost, one that is gone of none', () => {
  const { told, closed, set, second } = watch([['mqtt']])
  closed.add('south')
  set('mqtt', { state: 'down', since: 0 })
  second()
  closed.clear()
  second()
  closed.add('north')
  second()
  expect(told).toEqual(['1 north mqtt down', '2 south mqtt down'])
})
