import { expect, test } from 'vitest'
import { loadFiles } from './fixture.ts'

const SITE = {
  'sites/mine.yaml':
    'site: mine\nkind: coal-mine\nregion: henan/xuchang\nareas: [{ id: face }]\npoints: [{ id: ch4, kind: gas.ch4, area: face }]\n',
  'rules/pack.yaml':
    'regulation: { id: pack, title: A pack }\nrules: [{ id: gas, rule: limit, levels: [{ name: a, high: 1 }] }]\n',
}
const DUTY = { 'duty.yaml': 'desks: [{ id: mine-desk, level: mine, sites: [mine] }]\n' }
const load = async (
  notify: object,
  { env = {}, files = {} }: { env?: object; files?: Record<string, string> } = {},
) => {
  const all = { ...SITE, ...DUTY, ...files, 'davy.yaml': JSON.stringify({ notify }) }
  const { settings, lines } = await loadFiles(all, { env: { ...env } })
  return {
    notify: settings.notify,
    errors: lines
      .filter((line) => line.startsWith('error'))
      .map((line) => line.replace(/^error davy\.yaml:\d+:\d+: /, '')),
  }
}
const hook = { adapter: 'webhook', url: 'https://peer.example/hook' }

test('all of it may be left out; channels get the defaults of their kind, secrets come from the environment', async () => {
  const { notify: bare } = await load({})
  expect(bare).toMatchObject({
    channels: [],
    routes: [],
    group: 10_000,
    language: 'both',
    retry: { giveUp: 86_400_000 },
  })
  const secret = 'a-secret-of-16-characters'
  const { notify, errors } = await load(
    { channels: [{ ...hook, secret: `$${'{HOOK}'}`, rate: { messages: 5 } }, hook] },
    { env: { HOOK: secret } },
  )
  expect(errors).toEqual([])
  expect(notify.channels).toEqual([
    {
      adapter: 'webhook',
      name: 'webhook',
      timeout: 15_000,
      rate: { messages: 5, per: 60_000 },
      settings: { url: hook.url, secret, headers: {}, source: '/davylamp', insecure: false },
    },
    expect.objectContaining({ name: 'webhook-2' }),
  ])
})

test.each<[object, string]>([
  [{ channels: [{ adapter: 'webhok' }] }, 'unknown adapter "webhok"; did you mean "webhook"?'],
  [{ channels: [{ ...hook, sceret: 'x' }] }, 'unknown key "sceret"; did you mean "secret"?'],
  [
    {
      channels: [
        { ...hook, name: 'a' },
        { ...hook, name: 'a' },
      ],
    },
    'channel "a" is already declared',
  ],
  [
    { channels: [{ ...hook, url: 'http://peer.example/' }] },
    'it is sent in the clear beyond this machine: use https, or say `insecure: true` where that network is trusted',
  ],
  [{ channels: [{ ...hook, rate: { messages: 1, per: '2h' } }] }, 'a rate is counted over at most 1h'],
  [
    {
      channels: [{ adapter: 'sms', url: 'https://a.example', success: '(' }],
      recipients: [{ name: 'a', phone: '13800000001' }],
    },
    'this is no regular expression: Invalid regular expression: /(/: Unterminated group',
  ],
  [
    {
      channels: [{ adapter: 'mail', host: 'mx.example', from: 'a@b.example', tls: 'none' }],
      recipients: [{ name: 'a', mail: 'a@b.example' }],
    },
    'mails and passwords travel in the clear: use starttls, or say `insecure: true` where that network is trusted',
  ],
  [
    { channels: [{ adapter: 'mail', host: 'mx.example', from: 'a@b.example' }] },
    'nobody here has a "mail", so that channel "mail" has nobody to send to',
  ],
  [{ channels: [hook], routes: [{ to: ['webhok'] }] }, 'unknown channel "webhok"; did you mean "webhook"?'],
  [
    { channels: [hook], routes: [{ to: ['webhook'], recipients: ['chif'] }], recipients: [{ name: 'chief' }] },
    'unknown recipient "chif"; did you mean "chief"?',
  ],
  [
    { channels: [hook], routes: [{ match: { site: 'mien' }, to: ['webhook'] }] },
    'unknown site "mien"; did you mean "mine"?',
  ],
  [
    { channels: [hook], routes: [{ match: { rule: ['limits'] }, to: ['webhook'] }] },
    'unknown rule "limits"; did you mean "limit"?',
  ],
  [
    { channels: [hook], routes: [{ match: { region: 'henan/xuchan' }, to: ['webhook'] }] },
    'unknown region "henan/xuchan"; did you mean "henan/xuchang"?',
  ],
  [
    { channels: [hook], routes: [{ match: { desk: 'mine-dsk' }, to: ['webhook'] }] },
    'unknown desk "mine-dsk"; did you mean "mine-desk"?',
  ],
  [
    { channels: [hook], routes: [{ match: { level: ['city', 'provincial'] }, to: ['webhook'] }] },
    'unknown level of the duty tree "provincial"; known: mine, county, city, province',
  ],
  [
    { channels: [hook], routes: [{ match: { work: 'repair' }, to: ['webhook'] }] },
    'unknown kind of work "repair"; known: production',
  ],
  [
    { channels: [hook], routes: [{ match: { severity: ['grave'] }, to: ['webhook'] }] },
    'expected one of critical, major, minor, notice, found "grave"',
  ],
  [
    { quiet: { from: '22:00', to: '06:00', timezone: 'Asia/Shangai' } },
    'unknown time zone "Asia/Shangai"; use an IANA name such as Asia/Shanghai',
  ],
  [{ recipients: [{ name: 'a' }, { name: 'a' }] }, 'recipient "a" is already declared'],
  [{ templates: { zh: { short: '{sevrity} {what}' } } }, 'unknown placeholder {sevrity}; did you mean "severity"?'],
])('%j is an error', async (notify, message) => {
  expect((await load(notify)).errors).toContain(message)
})

test('a route is not at fault for what its duty desk, its rules and its site lack', async () => {
  const routes = [
    {
      match: { desk: 'mine-desk', level: 'mine', rule: 'gas', site: 'mine', region: 'henan', work: 'production' },
      to: ['webhook'],
    },
  ]
  const notify = { channels: [hook], routes }
  expect((await load(notify)).errors).toEqual([])
  for (const files of [
    { 'duty.yaml': 'desks: [{ id: mine-desk, level: mien, sites: [mine] }]\n' },
    { 'duty.yaml': 'desks: [{ id: mine-desk, level: mine, sites: [mine] }\n' },
    { 'rules/pack.yaml': SITE['rules/pack.yaml'].replace('high: 1', 'high: low') },
    { 'rules/pack.yaml': `${SITE['rules/pack.yaml']}]` },
    { 'sites/mine.yaml': `${SITE['sites/mine.yaml']}statsu: closed\n` },
    { 'sites/mine.yaml': `${SITE['sites/mine.yaml']}]` },
  ]) {
    const { errors } = await load(notify, { files })
    expect(errors, JSON.stringify(files)).toHaveLength(1)
    expect(errors[0]).not.toContain('davy.yaml')
  }
  expect((await load(notify, { files: { 'duty.yaml': '' } })).errors).toEqual(['unknown desk "mine-desk"'])
})

const TREE = {
  desks: [
    { id: 'control', level: 'mine', sites: ['mine'], parent: 'county', contacts: ['chief'] },
    { id: 'county', level: 'county', contacts: ['officer'] },
  ],
}
const asking = { channels: [{ adapter: 'sms', url: 'https://a.example' }], routes: [{ to: ['sms'], contacts: true }] }
const duties = async (recipients: readonly object[], duty: object | string | undefined = TREE) => {
  const notify = { ...asking, recipients }
  const files = { ...SITE, 'davy.yaml': JSON.stringify({ notify }) }
  const { lines } = await loadFiles(duty === '' ? files : { ...files, 'duty.yaml': JSON.stringify(duty) })
  return lines.map((line) => line.replace(/ davy\.yaml:\d+:\d+: /, ': ')).filter((line) => !line.includes('sites/'))
}

test('contacts of desks are recipients whom the channel reaches', async () => {
  const chief = { name: 'chief', phone: '13800000001' }
  expect(await duties([chief, { name: 'officer', phone: '13800000002' }])).toEqual([])
  expect(await duties([chief])).toEqual([
    'error: contact "officer" of desk "county" is no recipient',
    'warning: no contact of desk "county" has a "phone", so that channel "sms" tells nobody there',
  ])
  expect(await duties([{ name: 'chief' }, { name: 'officer' }])).toEqual([
    'error: nobody here has a "phone", so that channel "sms" has nobody to send to',
  ])
  expect(await duties([chief], '')).toContain('error: duty.yaml declares no desks, so that there are no contacts')
})

test('a duty.yaml that cannot be read is not taken for one without desks', async () => {
  const lines = await duties([], { desks: [{ id: 'control' }] })
  expect(lines.some((line) => line.includes('duty.yaml'))).toBe(true)
  expect(lines.filter((line) => !line.includes('duty.yaml'))).toEqual([])
})
