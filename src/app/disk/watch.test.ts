/** Room on the disk as the system tells it: when it is little, how long it lasts, and what is said of it. */
import { expect, test } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../model/time.ts'
import type { DiskMeasure } from './measure.ts'
import { createDiskWatch } from './watch.ts'

const GB = 1e9

/** A disk of 100 GB; `room` and what is taken change by the test's word, and time only so. */
function watched(settings: { leastShare?: number; leastTime?: number } = {}) {
  let now = 1_000 * DAY
  let free = 50 * GB
  let taken = 10 * GB
  let broken: string | undefined
  let period = 0
  const said: string[] = []
  const say = (level: string) => (message: string) => void said.push(`${level} ${message}`)
  const measure = async (): Promise<DiskMeasure> => {
    if (broken !== undefined) throw new Error(broken)
    const parts = { journal: taken, history: 0, store: 0, configurations: 0, other: 0 }
    return { free, size: 100 * GB, parts }
  }
  const watch = createDiskWatch({
    data: '/data',
    settings: { every: MINUTE, leastShare: 5, leastTime: 7 * DAY, ...settings },
    clock: {
      now: () => now,
      every(each) {
        period = each
        return { cancel: () => {} }
      },
    },
    log: { info: say('info'), warn: say('warn'), error: say('error') },
    measure,
  })
  return {
    watch,
    said,
    period: () => period,
    breaks: (reason?: string) => {
      broken = reason
    },
    async after(elapsed: number, change: { free?: number; taken?: number } = {}) {
      now += elapsed
      free = change.free ?? free
      taken = change.taken ?? taken
      await watch.look()
      return watch.view()
    },
  }
}

test('before it was looked at nobody says that there is room', () => {
  const { watch, period } = watched()
  expect(watch.view()).toMatchObject({ state: 'unread' })
  expect(period()).toBe(MINUTE)
})

test('less than the share is low, told once, and enough again only clearly above it', async () => {
  const disk = watched()
  expect(await disk.after(0)).toMatchObject({ state: 'enough', measure: { free: 50 * GB } })
  expect((await disk.after(MINUTE, { free: 4.9 * GB })).state).toBe('low')
  expect((await disk.after(MINUTE, { free: 4.8 * GB })).state).toBe('low')
  expect((await disk.after(MINUTE, { free: 5.2 * GB })).state).toBe('low')
  expect((await disk.after(MINUTE, { free: 5.6 * GB })).state).toBe('enough')
  expect(disk.said.map((line) => line.slice(0, 30))).toEqual([
    'warn the disk of /data runs fu',
    'info the disk of /data has roo',
  ])
  expect(disk.said[0]).toMatch(/4\.9 %.*larger disk/)
})

test('how long the room lasts is told by the last day, from an hour after the start on', async () => {
  const disk = watched()
  await disk.after(0)
  expect(await disk.after(59 * MINUTE, { free: 40 * GB })).not.toHaveProperty('rate')
  const view = await disk.after(MINUTE)
  expect(view).toMatchObject({ state: 'low', rate: 10 * GB, lasts: 4 * HOUR })
  // A day later nothing was written since.
  for (let hour = 0; hour < 24; hour++) await disk.after(HOUR)
  const later = await disk.after(HOUR)
  expect(later).toMatchObject({ state: 'enough', rate: 0 })
  expect(later).not.toHaveProperty('lasts')
  expect(disk.said).toHaveLength(2)
})

test('what others free on the disk hides nothing of what is written here', async () => {
  const disk = watched()
  await disk.after(0)
  expect(await disk.after(HOUR, { free: 60 * GB, taken: 11 * GB })).toMatchObject({ rate: GB, lasts: 60 * HOUR })
})

test('limits of nothing are never crossed', async () => {
  const disk = watched({ leastShare: 0, leastTime: 0 })
  await disk.after(0)
  expect((await disk.after(2 * HOUR, { free: 1 })).state).toBe('enough')
  expect(disk.said).toEqual([])
})

test('a disk that cannot be read is not one with room: told once, and again when it can', async () => {
  const disk = watched()
  await disk.after(0)
  disk.breaks('EIO: i/o error, statfs')
  expect(await disk.after(MINUTE)).toMatchObject({ state: 'unread', reason: expect.stringContaining('EIO') })
  await disk.after(MINUTE)
  disk.breaks()
  expect((await disk.after(MINUTE)).state).toBe('enough')
  expect(disk.said.map((line) => line.split(' ')[0])).toEqual(['error', 'info'])
})
