/** A mine with something of everything that a route can name, for those who mean it ill. */

import { PASSWORD, type Running } from '../acceptance/house-rig.ts'
import type { Known } from './hostile-requests.ts'

export const FILES = {
  'davy.yaml': {
    api: { requestsPerMinute: 10_000_000, loginsPerMinute: 1_000 },
    notify: {
      baseUrl: 'https://desk.example',
      // Nobody listens there.
      channels: [{ name: 'hook', adapter: 'webhook', url: 'http://127.0.0.1:9/hook' }],
    },
  },
  'sites/mine.yaml': {
    site: 'mine',
    region: 'henan/xuchang',
    areas: [
      { id: 'underground', kind: 'underground' },
      { id: 'face', kind: 'coal-face', in: 'underground' },
      { id: 'shop' },
    ],
    points: [
      { id: 't1', kind: 'gas.ch4', unit: '%', area: 'face', range: [0, 10], silentAfter: 'never' },
      { id: 'face/t2', kind: 'gas.ch4', unit: '%', area: 'face', silentAfter: 'never' },
      { id: 'canary', kind: 'gas.ch4', unit: '%', area: 'shop', silentAfter: 'never' },
      { id: 'fan', kind: 'fan.running', area: 'face', silentAfter: 'never' },
      { id: 'r', kind: 'card.reader', area: 'face' },
      { id: 'gate', kind: 'gate', area: 'underground' },
      { id: 'cam', kind: 'device.state', area: 'face', device: 'camera', silentAfter: 'never' },
      { id: 'arc', kind: 'weld.current', area: 'shop', machine: 'w1' },
      { id: 'chip', kind: 'weld.session', area: 'shop', machine: 'w1' },
    ],
    people: 'people.csv',
  },
  'sites/people.csv': 'person,card,name\np-1,c-1,A\np-2,c-2,B\n',
  'rules/plan.yaml': {
    regulation: { id: 'plan' },
    rules: [
      { id: 'ch4', rule: 'limit', levels: [{ name: 'cut', high: 1 }], match: { kind: 'gas.ch4' } },
      { id: 'crew', rule: 'over-crew', match: { kind: 'coal-face' }, limit: 1, raiseAfter: '0s' },
      { id: 'help', rule: 'sos' },
      { id: 'permit', rule: 'weld-permit' },
    ],
  },
} as const

const ALARMS = ['mine/ch4/t1:cut', 'mine/ch4/face/t2:cut', 'mine/crew/face', 'mine/help/c-1', 'mine/permit/w1']
const HASH = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

export const KNOWN: Known = {
  site: ['mine'],
  region: ['henan', 'henan/xuchang', 'hunan'],
  kind: ['coal-mine', 'works'],
  rule: ['ch4', 'crew', 'limit', 'permit', 'help'],
  point: ['t1', 'face/t2', 'fan', 'r', 'gate', 'cam', 'arc', 'chip'],
  points: ['t1', 'face/t2', 'r'],
  area: ['underground', 'face', 'shop'],
  machine: ['w1'],
  card: ['c-1', 'c-2'],
  person: ['p-1', 'p-2'],
  id: [...ALARMS, '1', '2', '3', 'mine/1', 'mine-1'],
  alarm: ALARMS,
  desk: ['mine'],
  channel: ['hook'],
  state: ['active', 'unacked', 'open', 'closed', 'failed', 'rectified'],
  severity: ['critical', 'major', 'minor', 'critical,major'],
  grade: ['major', 'general'],
  sha256: [HASH],
  evidence: [HASH],
  job: ['1', 'j1'],
  shift: ['day', 'all'],
  cursor: ['0', '1', '5'],
  name: ['photo.jpg'],
  window: ['w-1', 'w-2'],
  permit: ['P-1', 'P-2'],
  witness: ['p-2'],
  password: ['long enough'],
  user: ['guest', 'meter', 'mallory'],
  recipient: ['chief'],
}

export const ROLES = ['viewer', 'operator', 'supervisor'] as const

/** Tokens by role, the administrator's and nobody's included; and something of everything to be named. */
export async function furnish(service: Running): Promise<Readonly<Record<string, string | undefined>>> {
  const tokens: Record<string, string | undefined> = { anonymous: undefined }
  const signIn = async (role: string, user: string) => {
    const { body } = await service.post<{ token: string }>('/api/v1/session', { user, password: PASSWORD })
    tokens[role] = body.token
  }
  await signIn('admin', 'admin')
  for (const role of ROLES) {
    await service.post('/api/v1/users', { user: `the-${role}`, password: PASSWORD, role })
    await signIn(role, `the-${role}`)
  }
  await service.post('/api/v1/sites/mine/readings', [
    { point: 't1', value: 2 },
    { point: 'face/t2', value: 2 },
    { point: 'r', value: { card: 'c-1', sos: true } },
    { point: 'r', value: { card: 'c-2' } },
    { point: 'nowhere', value: 1 },
  ])
  await service.push('/api/v1/attachments?name=empty', {
    body: new Uint8Array([0x89, 0x50, 0x4e, 0x47]),
    headers: { 'content-type': 'image/png' },
  })
  await service.post('/api/v1/hazards', { site: 'mine', grade: 'major', text: 'loose roof' })
  return tokens
}
