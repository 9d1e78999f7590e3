import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { dropFolder, EIGHT, MINE, mineSite } from '../../adapters/mine-files/mine.fixture.ts'
import type { Transition } from '../../model/alarm.ts'
import type { AlarmRecord } from '../../model/ports.ts'
import type { Installation } from '../../model/site.ts'
import { conform } from '../config/conform.ts'
import type { PointView } from '../service.ts'
import { type ExportParts, startExport } from './export.ts'
import { ExportSettings } from './settings.ts'

const PATIENCE = { timeout: 15_000, interval: 5 }
const site = mineSite()
const installation = { sites: new Map([['baoyuan', site]]) } as unknown as Installation

let drop: ReturnType<typeof dropFolder>
beforeEach(() => {
  drop = dropFolder()
})
afterEach(() => drop.remove())

/** A clock that stands, whose periods a test lets pass. */
function rig(state: { views?: Record<string, PointView>; standing?: readonly AlarmRecord[] } = {}) {
  const due: (() => void)[] = []
  const warned: string[] = []
  const parts: ExportParts = {
    service: {
      installation: () => installation,
      crew: () => undefined,
      standing: () => state.standing ?? [],
      point: (_, id) => state.views?.[id] ?? { state: 'unknown' },
    },
    clock: {
      now: () => EIGHT,
      every(_, call) {
        due.push(call)
        return { cancel: () => {} }
      },
      wait: () => Promise.resolve(),
    },
    log: { info: () => {}, warn: (message) => warned.push(message), error: () => {} },
  }
  return {
    parts,
    warned,
    pass: () => {
      for (const call of due) call()
    },
  }
}
function settings(more: object = {}): ExportSettings {
  const { value, findings } = conform({ folder: drop.folder, site: 'baoyuan', mine: MINE, ...more }, ExportSettings)
  expect(findings).toEqual([])
  return value as ExportSettings
}
const recordsOf = (type: string) =>
  readFileSync(join(drop.folder, `${MINE}_${type}_20260501080000.txt`), 'utf8')
    .replace('~||', '')
    .split('~')
    .slice(1)

function standing(rule: string, key: string, more: Partial<AlarmRecord> = {}): AlarmRecord {
  const last = {
    rule,
    key,
    at: EIGHT,
    severity: 'major',
    text: { zh: '超限', en: 'over' },
    value: 3,
    limit: 2,
    evidence: [],
  }
  return {
    alarm: `baoyuan/${rule}/${key}`,
    episode: 1,
    state: 'unacked',
    severity: 'major',
    raised: EIGHT - 60_000,
    last: last as unknown as Transition,
    ...more,
  }
}

test('values go with what they are worth: alarm, calibration, silence, never heard', async () => {
  const point = (id: string) => site.points.get(id)!
  const heard = { received: EIGHT, timing: 'live', ts: EIGHT - 1_000 } as const
  const { parts } = rig({
    views: {
      'face/ch4': { state: 'live', reading: { ...heard, point: point('face/ch4'), value: 1.2, quality: 'good' } },
      'face/co': {
        state: 'calibrating',
        reading: { ...heard, point: point('face/co'), value: 24, quality: 'bad', status: 'calibrating' },
      },
    },
    standing: [standing('limit', 'face/ch4:cut')],
  })
  await startExport(settings(), parts).stop()
  expect(recordsOf('CDSS').map((record) => record.split(';').slice(2))).toEqual([
    ['face/ch4', '1.2', '%', '1', '2026-05-01 07:59:59'],
    ['face/co', '24', 'ppm', '4', '2026-05-01 07:59:59'],
    ['face/feeder', '', '', '32', '2026-05-01 08:00:00'],
  ])
})

test('alarms by card, with their beginning and their end; types without one are not written', async () => {
  const ended = { state: 'rtn-unacked', cleared: EIGHT - 1_000 } as const
  const { parts } = rig({ standing: [standing('overstay', 'p-1'), standing('restricted', 'p-1@goaf', ended)] })
  await startExport(settings(), parts).stop()
  expect(recordsOf('RYCS')).toEqual(['10001;王建国;;2026-05-01 07:59:00;;;;;'])
  expect(recordsOf('RYXZ')).toEqual(['10001;王建国;;2026-05-01 07:59:00;2026-05-01 07:59:59;;;;'])
  expect(
    drop
      .waiting()
      .map((file) => file.split('_')[1])
      .sort(),
  ).toEqual(['CDDY', 'CDSS', 'RYCS', 'RYSS', 'RYXX', 'RYXZ'])
  expect(readdirSync(drop.folder).filter((file) => file.startsWith('.'))).toEqual([])
})

test('a folder nobody empties is filled so far and no further, which is said once', async () => {
  const { parts, warned, pass } = rig()
  for (let i = 0; i < 10; i++) writeFileSync(join(drop.folder, `waiting-${i}.txt`), '')
  const running = startExport(settings({ most: 10 }), parts)
  await expect.poll(() => warned.length, PATIENCE).toBe(4)
  pass()
  await running.stop()
  expect(warned).toHaveLength(4)
  expect(warned[0]).toContain('10 files wait to be collected')
  expect(drop.waiting()).toHaveLength(10)
})

test('settings that cannot be served are refused at the start', () => {
  const { parts } = rig()
  expect(() => startExport(settings({ site: 'other' }), parts)).toThrow('the site is not configured')
  expect(() => startExport(settings({ mine: '41' }), parts)).toThrow('mine 41 has not 12 digits')
})
