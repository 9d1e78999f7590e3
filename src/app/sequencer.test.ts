/** The one writer of the journal: a change of configuration amid traffic takes nothing away. */
import { expect, test } from 'vitest'
import { openMemoryJournal } from '../adapters/journal-memory/index.ts'
import { createDoor } from '../ingest/door.ts'
import type { Entry } from '../model/entry.ts'
import type { Frame } from '../model/ports.ts'
import { RULES } from '../rules/index.ts'
import { inlineInstallation } from './cases/inline.ts'
import { systemClock } from './clock.ts'
import { createFold } from './fold.ts'
import { createSequencer } from './sequencer.ts'

const installation = inlineInstallation({
  site: { points: [{ id: 't1', kind: 'gas.ch4' }] },
  rules: [],
  file: 'sequencer.test.ts',
  known: RULES,
})

test('what arrives beside a change of configuration is journaled before it is acknowledged', async () => {
  const journal = openMemoryJournal()
  const door = createDoor(installation)
  const fold = createFold({ installation, rules: RULES })
  const acknowledged: string[] = []
  const sequencer = createSequencer({
    clock: systemClock(),
    journal,
    fold,
    door,
    letters: {
      put: async () => {},
      list: async () => [],
      get: async () => undefined,
      markReplayed: async () => {},
      counts: async () => ({}),
    },
    onJudged: async () => [],
    onCounted: () => {},
    onRefused: () => {},
    onFatal(error) {
      throw error
    },
  })
  const frame = (ref: string): Frame => ({
    topic: 'davy/v1/mine/t1',
    payload: Buffer.from(JSON.stringify({ value: 0.3, ref })),
    settle: (outcome) => acknowledged.push(`${ref} ${outcome}`),
  })
  sequencer.offer('mqtt', [frame('before')])
  const swapped = sequencer.swap('other', () => ({ fold, door }))
  sequencer.offer('mqtt', [frame('after')])
  const commanded = sequencer.command({ command: 'ack', alarm: 'mine/x/y', by: 'duty', ts: 0 })
  const again = sequencer.swap('third', () => ({ fold, door }))
  await Promise.all([swapped, again, sequencer.drain()])
  expect((await commanded).refusal?.code).toBe('alarm-unknown')

  const entries: Entry[] = []
  for await (const page of journal.read(1)) entries.push(...page)
  expect(acknowledged).toEqual(['before journaled', 'after journaled'])
  expect(entries.map((entry) => (entry.type === 'reading' ? entry.reading.ref : entry.type))).toEqual([
    'before',
    'config',
    'after',
    'command',
    'config',
  ])
})
