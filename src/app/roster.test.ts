import { expect, test } from 'vitest'
import { systemClock } from './clock.ts'
import { beginAll, createRoster, type Listed } from './roster.ts'

/** Items whose names say how they behave; what happens to them, in order. */
function watched(bound = 60_000) {
  const did: string[] = []
  const failing = new Set<string>()
  const released = Promise.withResolvers<void>()
  const roster = createRoster<string, string>({
    clock: systemClock(),
    bound,
    onStuck: (name, reason) => did.push(`${name} is stuck: ${reason}`),
    prepare: async (settings, name) => {
      if (settings === 'unfit') throw new Error('unfit')
      return () => {
        if (failing.has(settings)) throw new Error('cannot begin')
        did.push(`${name}:${settings} begins`)
        return `${name}:${settings}`
      }
    },
    end: async (running) => {
      did.push(`${running} ends`)
      if (running.endsWith('hangs')) await new Promise(() => {})
      if (running.endsWith('slow')) await released.promise
      if (running.endsWith('throws')) throw new Error('no')
    },
  })
  return { roster, did, failing, released }
}
const items = (settings: Record<string, string>): Listed<string>[] =>
  Object.entries(settings).map(([name, value]) => ({ name, settings: value, fingerprint: value }))

test('what changed ends and begins again, what is gone ends, what is new begins, and nothing else is touched', async () => {
  const { roster, did } = watched()
  expect(await roster.apply(items({ a: '1', b: '1', c: '1' }))).toMatchObject({ started: ['a', 'b', 'c'] })
  did.length = 0
  const changes = await roster.apply(items({ d: '1', b: '2', a: '1' }))
  expect(changes).toEqual({ started: ['d'], restarted: ['b'], ended: ['c'], refused: [] })
  expect(did.indexOf('c:1 ends'), 'what is new may have the place of what is gone').toBeLessThan(
    did.indexOf('d:1 begins'),
  )
  expect(did.indexOf('b:1 ends')).toBeLessThan(did.indexOf('b:2 begins'))
  expect(roster.running()).toEqual(['d:1', 'b:2', 'a:1'])
})

test('what cannot be made ready leaves the old one alone, and the others get theirs', async () => {
  const { roster, did } = watched()
  await roster.apply(items({ a: '1', b: '1' }))
  did.length = 0
  const { refused, restarted } = await roster.apply(items({ a: 'unfit', b: '2', c: 'unfit' }))
  expect(refused.map(({ name }) => name)).toEqual(['a', 'c'])
  expect(restarted).toEqual(['b'])
  expect(did).toEqual(['b:1 ends', 'b:2 begins'])
  expect(roster.running()).toEqual(['a:1', 'b:2'])
})

test('what cannot be begun though it was ready is the old one again; mended, it is begun', async () => {
  const { roster, did, failing } = watched()
  await roster.apply(items({ a: '1' }))
  failing.add('2')
  did.length = 0
  expect((await roster.apply(items({ a: '2' }))).refused).toHaveLength(1)
  expect(did).toEqual(['a:1 ends', 'a:1 begins'])
  failing.clear()
  expect((await roster.apply(items({ a: '2' }))).restarted).toEqual(['a'])
  expect(roster.running()).toEqual(['a:2'])
})

test('what runs is not ended for settings whose file is not there', async () => {
  const { roster, did } = watched()
  await roster.apply(items({ a: '1' }))
  did.length = 0
  const { refused } = await roster.apply([{ name: 'a', settings: '2', fingerprint: '2', missing: '/run/pw' }])
  expect(String(refused[0]!.error)).toContain('/run/pw')
  expect(did).toEqual([])
})

test('what does not end is left behind and named, and its successor begins', async () => {
  const { roster, did } = watched(1)
  await roster.apply(items({ a: 'hangs', b: 'throws' }))
  await roster.apply(items({ a: '2', b: '2' }))
  expect(did.filter((line) => line.includes('stuck'))).toHaveLength(2)
  expect(roster.running()).toEqual(['a:2', 'b:2'])
})

test('a start goes on without what waits for its file, and ends with what cannot be at all', async () => {
  const { roster, did } = watched()
  const late = { name: 'b', settings: 'unfit', fingerprint: '1', missing: '/run/ca.pem' }
  expect((await beginAll(roster, [late, ...items({ a: '1' })])).map(({ name }) => name)).toEqual(['b'])
  expect(did).toEqual(['a:1 begins'])
  await expect(beginAll(roster, [late, ...items({ c: 'unfit' })])).rejects.toThrow('unfit')
})

test('what is slow to end delays nobody: the others end and begin meanwhile', async () => {
  const { roster, did, released } = watched()
  await roster.apply(items({ a: 'slow', b: '1', c: '1' }))
  did.length = 0
  const changing = roster.apply(items({ a: '2', b: '2', c: '2' }))
  await expect.poll(() => did, { timeout: 25_000 }).toContain('c:2 begins')
  expect(did).toContain('b:2 begins')
  expect(roster.running(), 'the old one until the new one has begun').toEqual(['a:slow', 'b:2', 'c:2'])
  released.resolve()
  expect(await changing, 'in the order of the configuration').toMatchObject({ restarted: ['a', 'b', 'c'] })
  expect(roster.running()).toEqual(['a:2', 'b:2', 'c:2'])
})
