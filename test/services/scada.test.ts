/** The OPC UA server against a client that is not ours: trust, encryption, alarms and conditions, their methods. */
import { cpSync, readFileSync } from 'node:fs'
import { readdir, rename } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type House, house, type Running, start } from '../acceptance/house-rig.ts'
import { type Peer, PYTHON, python } from './python.ts'

const within = { timeout: 60_000, interval: 100 }
const ROOT = join(import.meta.dirname, '../..')
const ALARM = 'plant/level/tanks/t-1:full'

let rented: House
let service: Running
beforeAll(async () => {
  rented = house({
    'davy.yaml': { opcua: { enabled: true, security: 'Basic256Sha256' } },
    'sites/plant.yaml': {
      site: 'plant',
      kind: 'chemical-plant',
      areas: [{ id: 'farm', kind: 'tank-farm', name: '罐区' }],
      points: [{ id: 'tanks/t-1', kind: 'tank.level', unit: 'm', area: 'farm', range: [0, 20] }],
    },
    'rules/plan.yaml': {
      regulation: { id: 'plan' },
      rules: [
        {
          id: 'level',
          rule: 'limit',
          match: { kind: 'tank.level' },
          levels: [{ name: 'full', high: 15 }],
          severity: 'major',
        },
      ],
    },
  })
  service = await start(rented)
}, 90_000)
afterAll(async () => {
  await service?.stop()
  rented?.remove()
})

const peers: Peer[] = []
afterAll(async () => {
  for (const peer of peers) await peer.stop('SIGKILL')
})
function connect(password = 'acceptance-lamp'): Peer {
  const peer = python('scada_peer.py', [service.opcua!, rented.dir, 'admin', password])
  peers.push(peer)
  return peer
}

interface Event {
  readonly condition: string
  readonly eventId: string
  readonly [field: string]: unknown
}

/** The last event of the alarm, once it is as wanted. */
async function heard(peer: Peer, wanted: object): Promise<Event> {
  const events = () =>
    peer.log.filter((line) => line.startsWith('event ')).map((line) => JSON.parse(line.slice(6)) as Event)
  await vi.waitFor(() => expect(events().at(-1)).toMatchObject(wanted), within)
  return events().at(-1)!
}

describe.skipIf(!PYTHON)('a SCADA client in asyncua', () => {
  test('comes in once its certificate is trusted and its password is right', async () => {
    await connect().hear(/^failed/)
    const pki = join(rented.data, 'opcua/pki')
    for (const file of await readdir(join(pki, 'rejected'))) {
      await rename(join(pki, 'rejected', file), join(pki, 'trusted/certs', file))
    }
    let refused: RegExpExecArray | undefined
    await vi.waitFor(async () => {
      refused = await connect('wrong').hear(/^failed (.*)$/)
      expect(refused[1]).toMatch(/UserAccessDenied|IdentityToken/)
    }, within)
  })

  test('subscribes, hears an alarm, acknowledges it, and the desk knows who did', async () => {
    const peer = connect()
    await peer.hear(/^ready$/)
    await service.post('/api/v1/sites/plant/readings', [{ point: 'tanks/t-1', value: 17 }])
    await peer.hear(/^value 17\.0 Good$/)
    const raised = await heard(peer, {
      active: true,
      acked: false,
      Severity: 700,
      ConditionName: 'level/tanks/t-1:full',
      SourceName: 'tanks/t-1',
      Retain: true,
    })
    expect(raised.Message).toMatch(/17/)

    const order = async (line: string) => {
      peer.say(line)
      const [, status] = await peer.hear(/^done (\w+)/)
      return status
    }
    expect(await order(`ack ${raised.condition} 00ff no such event`)).toBe('BadEventIdUnknown')
    expect(await order(`ack ${raised.condition} ${raised.eventId} 已停泵`)).toBe('Good')
    await heard(peer, { active: true, acked: true, ClientUserId: 'admin', Comment: '已停泵' })
    const { body } = await service.get<{ items: object[] }>('/api/v1/alarms')
    const said = { by: 'admin', reason: '已停泵' }
    expect(body.items).toMatchObject([{ alarm: ALARM, state: 'acked', last: { cause: 'acked', ...said } }])
    expect(await order(`ack ${raised.condition} ${raised.eventId} again`)).toBe('BadConditionBranchAlreadyAcked')
    expect(await order(`shelve ${raised.condition} 600000`)).toBe('Good')
    expect(await order(`unshelve ${raised.condition}`)).toBe('Good')

    // Who comes after it finds the alarm by a refresh.
    const late = connect()
    await late.hear(/^ready$/)
    await heard(late, { active: true, acked: true, ClientUserId: 'admin' })
    await service.post('/api/v1/sites/plant/readings', [{ point: 'tanks/t-1', value: 3 }])
    await heard(late, { active: false, acked: true, Retain: false })
  })
})

describe.skipIf(!PYTHON)('the page of the OPC UA server', () => {
  test('its client hears what stands and acknowledges it', async () => {
    const example = house({
      'davy.yaml': { opcua: { enabled: true, language: 'en' }, mqtt: { enabled: false } },
    })
    for (const part of ['sites', 'rules'])
      cpSync(join(ROOT, 'config', part), join(example.config, part), { recursive: true })
    const page = readFileSync(join(ROOT, 'docs/opcua-server.md'), 'utf8')
    const script = example.write('../listen.py', /^```python\n(.*?)^```$/ms.exec(page)![1]!)
    const running = await start(example)
    try {
      await running.post('/api/v1/sites/baoyuan/readings', [{ point: 'face-101/ch4-t1', value: 1.6 }])
      const peer = python(relative(import.meta.dirname, script), [running.opcua!, 'admin', 'acceptance-lamp'])
      peers.push(peer)
      const [, condition] = await peer.hear(/^\d+\t[^\t]*\t([^\t]*)\t.*\tacked$/)
      const { body } = await running.get<{ items: { alarm: string }[] }>('/api/v1/alarms?state=acked')
      expect(body.items.map(({ alarm }) => alarm)).toEqual([`baoyuan/${condition}`])
    } finally {
      await running.stop()
      example.remove()
    }
  })
})
