import { expect, test } from 'vitest'
import type { UplinkContext } from '../../model/ports.ts'
import { openUplink } from './index.ts'
import type { ForwardSettings } from './settings.ts'

const CONTEXT: UplinkContext = { now: Date.now, serialise: () => '', setAside: async () => {} }
const ITEM = { name: 'county', readings: true, alarms: false, from: 'now', batch: 1, rate: 1 } as const

test.each<[string, Partial<ForwardSettings>]>([
  [
    'mqtt',
    { mqtt: { url: 'mqtt://127.0.0.1:9', keepalive: '30s', username: 'u', passwordFile: '/nowhere/pw' } as never },
  ],
  [
    'kafka',
    {
      kafka: {
        brokers: ['127.0.0.1:9'],
        sasl: { mechanism: 'scram-sha-512', username: 'u', passwordFile: '/nowhere/pw' },
      } as never,
    },
  ],
])('a password file that is not there is said in one line, by the item it belongs to (%s)', async (_, settings) => {
  await expect(openUplink({ ...ITEM, ...settings }, CONTEXT)).rejects.toMatchObject({
    code: 'settings-invalid',
    where: 'forward: county',
    message: expect.stringContaining('/nowhere/pw'),
  })
})
