import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ALL_DAY, nextShiftChange, type Shift, type ShiftTurn, shiftAt } from './shift.ts'
import { DAY, formatInstant, HOUR, MINUTE, parseInstant } from './time.ts'

const at = (iso: string) => parseInstant(iso)!
const shift = (id: string, from: number, to: number): Shift => ({ id, from, to, work: 'production' })
const THREE = [
  shift('early', 6 * HOUR, 14 * HOUR),
  shift('middle', 14 * HOUR, 22 * HOUR),
  shift('night', 22 * HOUR, 6 * HOUR),
]
const SHANGHAI = { shifts: THREE, zone: 'Asia/Shanghai' }

test('the night shift that began on Monday holds on Tuesday at 02:00', () => {
  const turn = shiftAt(at('2026-05-05T02:00:00+08:00'), SHANGHAI)!
  expect(turn.shift.id).toBe('night')
  expect(formatInstant(turn.start, 'Asia/Shanghai')).toBe('2026-05-04T22:00:00.000+08:00')
  expect(formatInstant(turn.end, 'Asia/Shanghai')).toBe('2026-05-05T06:00:00.000+08:00')
})

test('a shift begins at its first instant and ends before its last', () => {
  const change = at('2026-05-05T06:00:00+08:00')
  expect(shiftAt(change - 1, SHANGHAI)!.shift.id).toBe('night')
  expect(shiftAt(change, SHANGHAI)!.shift.id).toBe('early')
  expect(nextShiftChange(change - 1, SHANGHAI)).toBe(change)
  expect(nextShiftChange(change, SHANGHAI)).toBe(change + 8 * HOUR)
})

test('one shift all day turns at local midnight; between shifts there is none', () => {
  const days = { shifts: ALL_DAY, zone: 'Asia/Shanghai' }
  expect(nextShiftChange(at('2026-05-05T12:00:00+08:00'), days)).toBe(at('2026-05-06T00:00:00+08:00'))
  const office = { shifts: [shift('day', 8 * HOUR, 17 * HOUR)], zone: 'Asia/Shanghai' }
  expect(shiftAt(at('2026-05-05T20:00:00+08:00'), office)).toBeUndefined()
  expect(nextShiftChange(at('2026-05-05T20:00:00+08:00'), office)).toBe(at('2026-05-06T08:00:00+08:00'))
})

/** What the zone's clocks show at each minute of a few days, asked of the runtime minute by minute. */
interface Span {
  readonly zone: string
  readonly start: number
  readonly walls: readonly number[]
}

const BEFORE = 2 * DAY
const LOOKED = 2 * DAY
const AFTER = 3 * DAY

function span(zone: string, day: string): Span {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })
  const start = at(`${day}T00:00:00Z`)
  const walls: number[] = []
  for (let t = start - BEFORE; t < start + LOOKED + AFTER; t += MINUTE) {
    walls.push(Date.parse(`${format.format(t).replace(' ', 'T')}Z`))
  }
  return { zone, start, walls }
}

/** Days on which clocks change, and days like any other. Newfoundland's changed at 00:01 until 2011: midnight comes twice. */
const SPANS = [
  span('Asia/Shanghai', '2026-05-01'),
  span('Europe/Berlin', '2026-03-28'),
  span('Europe/Berlin', '2026-10-24'),
  span('America/St_Johns', '2026-03-07'),
  span('America/St_Johns', '2026-10-31'),
  span('America/St_Johns', '2010-03-13'),
  span('America/St_Johns', '2010-11-06'),
]

/** The definition: a shift begins when the local clocks first show its beginning, or, where they skip it, later. */
function turnsOf({ start, walls }: Span, shifts: readonly Shift[]): ShiftTurn[] {
  const first = (local: number) => start - BEFORE + walls.findIndex((wall) => wall >= local) * MINUTE
  const midnight = Math.floor(walls[0]! / DAY) * DAY
  const turns: ShiftTurn[] = []
  for (let day = midnight + DAY; day < midnight + BEFORE + LOOKED + AFTER - DAY; day += DAY) {
    for (const shift of shifts) {
      const end = day + shift.to + (shift.to <= shift.from ? DAY : 0)
      turns.push({ shift, start: first(day + shift.from), end: first(end) })
    }
  }
  return turns
}

const quarters = fc.integer({ min: 0, max: 95 }).map((n) => n * 15 * MINUTE)
const shifts = fc
  .array(fc.tuple(quarters, quarters), { minLength: 1, maxLength: 4 })
  .map((list) => list.map(([from, to], i) => shift(`s${i}`, from, to)))

test('shiftAt and nextShiftChange are what their definition says, also where clocks change', () => {
  const found = new Set<string>()
  fc.assert(
    fc.property(
      fc.nat({ max: SPANS.length - 1 }),
      shifts,
      fc.array(fc.integer({ min: 0, max: LOOKED - 1 }), { minLength: 20, maxLength: 20 }),
      (index, shifts, instants) => {
        const span = SPANS[index]!
        const { zone, start } = span
        const turns = turnsOf(span, shifts)
        const edges = turns.flatMap(({ start, end }) => [start, end])
        const near = edges.filter((edge) => edge > start && edge < start + LOOKED)
        for (const instant of [...instants.map((n) => start + n), ...near, ...near.map((edge) => edge - 1)]) {
          const running = turns.filter((turn) => turn.start <= instant && instant < turn.end)
          const turn = shiftAt(instant, { shifts, zone })
          if (running.length === 0) expect(turn, formatInstant(instant, zone)).toBeUndefined()
          else expect(running, formatInstant(instant, zone)).toContainEqual(turn)
          const next = Math.min(...edges.filter((edge) => edge > instant))
          expect(formatInstant(nextShiftChange(instant, { shifts, zone }), zone)).toBe(formatInstant(next, zone))
          found.add(turn ? zone : 'none')
        }
      },
    ),
    { numRuns: 300 },
  )
  expect([...found].sort()).toEqual(['America/St_Johns', 'Asia/Shanghai', 'Europe/Berlin', 'none'])
})
