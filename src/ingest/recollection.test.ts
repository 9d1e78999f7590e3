/** Permits are remembered as long as they may hold, and whole. */
import { expect, test } from 'vitest'
import type { PermitCommand } from '../model/command.ts'
import { DAY, HOUR, type Instant, MINUTE } from '../model/time.ts'
import { LONGEST_PERMIT } from '../model/welding.ts'
import { install } from './installation.fixture.ts'
import { createRecollection } from './recollection.ts'

const HOUSE = install({ mine: [{ id: 'weld', kind: 'weld.current' }] })
const START = Date.UTC(2026, 4, 1)

function rig() {
  const grains = [{ edges: [20], step: Number.POSITIVE_INFINITY }]
  const recollection = createRecollection({ installation: HOUSE, grains })
  const point = HOUSE.points[0]!
  return {
    permit(at: Instant, more: Partial<PermitCommand> = {}): void {
      const named = { command: 'permit', permit: 'hw-1', site: 'mine', by: 'officer', state: 'open' } as const
      recollection.permit({ ...named, ts: START + at, ...more }, START + at)
    },
    /** Beginnings of what is remembered at an instant, after a shift without a word of permits. */
    known(at: Instant): readonly Instant[] {
      for (let i = 0; i < 2; i++) {
        const ts = START + at + i * 20 * MINUTE
        recollection.add({ point, ts, received: ts, value: i, quality: 'good', timing: 'live' })
      }
      const until = START + at + HOUR
      const { permits } = recollection.recall(point.site, { from: until - HOUR, until, kinds: new Set(), beside: [] })
      return permits.map((one) => one.at - START)
    },
  }
}

test('one without an end, as long as any permit may hold', () => {
  const { permit, known } = rig()
  permit(0)
  expect(known(10 * DAY)).toEqual([0])
  expect(known(LONGEST_PERMIT)).toEqual([0])
  expect(known(LONGEST_PERMIT + 9 * HOUR)).toEqual([])
})

test('one that begins later, from then', () => {
  const { permit, known } = rig()
  permit(0, { from: START + 20 * DAY })
  expect(known(40 * DAY)).toEqual([0])
})

test('one that was made longer is still for the place its first command named', () => {
  const { permit, known } = rig()
  permit(0, { area: 'hall', until: START + HOUR })
  permit(30 * MINUTE, { until: START + 20 * HOUR })
  expect(known(12 * HOUR)).toEqual([0, 30 * MINUTE])
  expect(known(29 * HOUR)).toEqual([])
})

test('one that was closed goes with its closing, and another life of its number stays', () => {
  const { permit, known } = rig()
  permit(0, { area: 'hall' })
  permit(HOUR, { state: 'closed' })
  permit(10 * HOUR, { area: 'hall' })
  expect(known(8 * HOUR)).toEqual([0, HOUR])
  expect(known(12 * HOUR)).toEqual([10 * HOUR])
})
