import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { loadConfiguration } from '../configuration.ts'
import { withDemoDelays } from './demo-delays.ts'

test('the demo waits less, and changes nothing else of the rules', async () => {
  const dir = fileURLToPath(new URL('../../../config', import.meta.url))
  const { installation } = await loadConfiguration(dir, { warn: () => {} })
  const demo = withDemoDelays(installation, 1)
  const of = (id: string) => demo.rules.find((instance) => instance.id === id)!
  expect(of('crew/coal-face')).toMatchObject({ raiseAfter: 6_000, clearAfter: 6_000, params: { limit: 25 } })
  expect(of('card/missing').params).toMatchObject({ within: 12_000 })
  expect(of('card/left').params).toMatchObject({ still: 40_000, move: 2 })
  expect(of('wind/coal-face').params).toMatchObject({ levels: [{ low: 0.25, raiseAfter: 3_000 }, { high: 4 }] })
  expect(of('ch4/coal-face-t1').params).toEqual(installation.rules.find(({ id }) => id === 'ch4/coal-face-t1')!.params)
  expect(demo.hash).not.toBe(installation.hash)
  expect(demo.rules.map(({ id }) => id)).toEqual(installation.rules.map(({ id }) => id))
  // The loaded configuration is untouched.
  expect(installation.rules.find(({ id }) => id === 'card/left')!.params).toMatchObject({ still: 3_600_000 })
})
