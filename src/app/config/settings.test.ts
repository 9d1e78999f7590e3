import { expect, test } from 'vitest'
import { ADAPTERS as EVERY } from '../../adapters/index.ts'
import { loadFiles } from './fixture.ts'

const SITE = { 'sites/mine.yaml': 'points: [{ id: tanks/t-1, kind: tank.level }]' }
const isError = (line: string) => line.startsWith('error')
const load = async (davy: string, env = {}) => {
  const { settings, lines } = await loadFiles({ ...SITE, 'davy.yaml': davy }, { env })
  return { settings, lines: lines.filter(isError).map((line) => line.replace('error ', '')) }
}

test('without davy.yaml, or with an empty one, everything is embedded and on loopback', async () => {
  const { settings } = await loadFiles(SITE)
  expect(settings).toMatchObject({
    listen: { host: '127.0.0.1', port: 8080, insecure: false },
    mqtt: { enabled: true, host: '127.0.0.1', port: 1883, users: [], insecure: false },
    sources: [],
    storage: { history: { keep: 7_776_000_000 } },
    api: { loginsPerMinute: 10 },
  })
  expect(settings.limits.payload).toBeGreaterThan(0)
  expect((await load('# nothing yet\n')).settings).toEqual(settings)
  expect((await load('mqtt: { port: 0 }')).settings.mqtt).toEqual({ ...settings.mqtt, port: 0 })
})

test('a port that is none leaves the usual one, while the rest of listen is still judged', async () => {
  const { settings, lines } = await load('listen: { host: 0.0.0.0, port: "\\08080" }')
  expect(settings.listen).toMatchObject({ host: '0.0.0.0', port: 8080 })
  expect(lines).toHaveLength(2)
  expect(lines[1]).toMatch(/^davy\.yaml:1:32: expected a whole number/)
})

test('sources: their own settings checked and defaulted by the adapter, names unique', async () => {
  const { settings, lines } = await load(`sources:
  - { adapter: plc, host: a, site: mine, items: [{ node: n, point: tanks/t-1 }] }
  - { adapter: plc, host: b, site: mine, every: 5s }
  - { adapter: plc, name: third, host: c, site: mine }
`)
  expect(lines).toEqual([])
  expect(settings.sources).toEqual([
    {
      adapter: 'plc',
      name: 'plc',
      settings: { host: 'a', site: 'mine', every: 1_000, items: [{ node: 'n', point: 'tanks/t-1' }] },
    },
    { adapter: 'plc', name: 'plc-2', settings: { host: 'b', site: 'mine', every: 5_000, items: [] } },
    { adapter: 'plc', name: 'third', settings: { host: 'c', site: 'mine', every: 1_000, items: [] } },
  ])
})

test('what is wrong with sources, the sites and points they name included', async () => {
  expect(
    (
      await load(`sources:
  - { adapter: pcl, host: a }
  - { adapter: plc, host: a, site: mien, hots: b }
  - { adapter: plc, name: x, host: a, site: mine, items: [{ node: n, point: tanks/t1 }] }
  - { adapter: plc, name: x, host: a, site: mine }
  - { host: a }
`)
    ).lines,
  ).toEqual([
    'davy.yaml:2:16: unknown adapter "pcl"; did you mean "plc"?',
    'davy.yaml:3:36: unknown site "mien"; did you mean "mine"?',
    'davy.yaml:3:42: unknown key "hots"; did you mean "host"?',
    'davy.yaml:4:77: unknown point "tanks/t1" of site "mine"; did you mean "tanks/t-1"?',
    'davy.yaml:5:27: source "x" is already declared',
    'davy.yaml:6:5: "adapter" is missing',
  ])
  expect(
    (await load('sources:\n  - { adapter: pcl }\n  - { adapter: plc, host: a, site: mine, hots: b }\n')).lines,
  ).toEqual([
    'davy.yaml:2:16: unknown adapter "pcl"; did you mean "plc"?',
    'davy.yaml:3:42: unknown key "hots"; did you mean "host"?',
  ])
  const named = (name: string) => `sources: [{ adapter: plc, name: "${name}", host: a, site: mine }]\n`
  expect((await load(named('mqtt'))).lines).toEqual([
    'davy.yaml:1:33: "mqtt" is the name of the embedded broker: choose another',
  ])
  expect((await load(`${named('mqtt')}mqtt: { enabled: false }\n`)).lines).toEqual([])
  expect((await load(named('http:gateway'))).lines).toEqual([
    'davy.yaml:1:33: "http:gateway" is the name of a token: choose another',
  ])
  const twice = '{ adapter: plc, name: x, host: a, site: mine }'
  expect((await load(`sources: [${twice}, ${twice}]`)).lines).toEqual([
    expect.stringMatching(/source "x" is already declared$/),
  ])
})

test('secrets come from the environment; a missing one is an error; $${ is a literal', async () => {
  const reference = (name: string) => `\${${name}}`
  const davy = `mqtt:\n  users: [{ user: "gw-$${reference('x')}", password: "a-${reference('SECRET')}-b", site: mine }]\n`
  const { settings, lines } = await load(davy, { SECRET: 'secret' })
  expect(lines).toEqual([])
  expect(settings.mqtt.users).toEqual([{ user: `gw-${reference('x')}`, password: 'a-secret-b', site: 'mine' }])
  expect((await load(davy)).lines).toEqual([
    'davy.yaml:2:41: the environment has no SECRET: set it where davy is started',
  ])
})

test.each([
  [`listen: { host: "\${A}" }`, '1:17'],
  [`listen: { host: 0.0.0.0, tls: { cert: "\${A}", key: davy.yaml } }`, '1:39'],
  [`mqtt: { host: "\${A}" }`, '1:15'],
  [`opcua: { enabled: true, host: "\${A}" }`, '1:31'],
  [`sources: [{ adapter: "\${A}" }]`, '1:22'],
  [`sources: [{ adapter: plc, host: "\${A}", site: mine, items: [{ node: n, point: tanks/t-1 }] }]`, '1:33'],
  [`notify: { channels: [{ adapter: webhook, name: h, url: "\${A}" }], routes: [{ to: [h] }] }`, '1:56'],
  [
    `notify: { channels: [{ adapter: mail, host: "\${A}", from: a@b.cn, tls: none }], recipients: [{ name: r, mail: r@b.cn }], routes: [{ to: [mail], recipients: [r] }] }`,
    '1:45',
  ],
])('what is not set is one problem, and none to whoever needs no secrets: %s', async (davy, place) => {
  expect((await load(davy)).lines).toEqual([
    `davy.yaml:${place}: the environment has no A: set it where davy is started`,
  ])
  expect((await loadFiles({ ...SITE, 'davy.yaml': davy }, { secrets: false })).lines.filter(isError)).toEqual([])
})

test('a part that defaults stand for, because a secret is not set, is held against nobody', async () => {
  const point = '{ id: a, kind: gas.ch4, sparkplug: { group: G, edge: e, metric: m } }'
  const davy = `mqtt: { users: [{ user: a, hash: "\${A}", site: mine }], sparkplug: { groups: { G: mine } } }`
  const files = { 'sites/mine.yaml': `points: [${point}]\n`, 'davy.yaml': davy }
  expect((await loadFiles(files, { secrets: false })).lines.filter(isError)).toEqual([])
})

test('what the environment says is held against sites and points like what the file says', async () => {
  const davy = `sources: [{ adapter: plc, host: h, site: "\${SITE}", items: [{ node: n, point: "\${POINT}" }] }]\n`
  expect((await load(davy, { SITE: 'mine', POINT: 'tanks/t-1' })).lines).toEqual([])
  expect((await load(davy, { SITE: 'mien', POINT: 'tanks/t-1' })).lines).toEqual([
    'davy.yaml:1:42: unknown site "mien"; did you mean "mine"?',
  ])
  expect((await load(davy, { POINT: 'tanks/t-1' })).lines).toEqual([
    'davy.yaml:1:42: the environment has no SITE: set it where davy is started',
  ])
})

test('nothing listens beyond this machine by accident', async () => {
  expect((await load('listen: { host: 0.0.0.0 }\nmqtt: { host: 0.0.0.0 }')).lines).toEqual([
    expect.stringContaining(
      'davy.yaml:1:17: 0.0.0.0 is reached from other machines: give `tls`, or say `insecure: true`',
    ),
    expect.stringContaining(
      'davy.yaml:2:15: 0.0.0.0 is reached from other machines: name the devices under `users` and give `tls`',
    ),
  ])
  expect(
    (await load('listen: { host: 0.0.0.0, insecure: true }\nmqtt: { host: 0.0.0.0, enabled: false }')).lines,
  ).toEqual([])
  expect((await load('listen: { host: "::1" }\nmqtt: { host: localhost }')).lines).toEqual([])
  const users = 'users: [{ user: a, password: long-enough, site: mine }]'
  expect((await load(`mqtt: { host: 0.0.0.0, ${users} }`)).lines).toEqual([
    'davy.yaml:1:15: 0.0.0.0 is reached from other machines: give `tls`, or say `insecure: true` where that network is trusted',
  ])
  expect((await load(`mqtt: { host: 0.0.0.0, ${users}, insecure: true }`)).lines).toEqual([])
})

test("a device's password has eight characters, and is in no message", async () => {
  const { lines } = await load('mqtt: { users: [{ user: a, password: "1234567", site: mine }] }')
  expect(lines).toEqual(['davy.yaml:1:38: must have at least 8 characters'])
})

test('files and folders are named relative to davy.yaml, in every part of it, and files are there', async () => {
  const adapters = {
    'mine-files': async () => (await import('../../adapters/mine-files/index.ts')).mineFiles,
    'mqtt-client': async () => (await import('../../adapters/mqtt-client/index.ts')).mqttClient,
  }
  const davy = `listen: { tls: { cert: tls/c.pem, key: /nowhere/k.pem } }
mqtt: { tls: { cert: ./tls/c.pem, key: tls/c.pem } }
opcua: { certificates: pki }
sources:
  - { adapter: mine-files, folder: drop, mines: { "410403004688": mine } }
  - { adapter: mqtt-client, url: "mqtts://peer", passwordFile: peer.password, username: gw, tls: { ca: tls/c.pem } }
exports: [{ folder: out, site: mine, mine: "410403004688" }]
forward: [{ name: up, mqtt: { url: "mqtts://peer", tls: { ca: ca.pem } } }]
notify: { channels: [{ adapter: webhook, url: "https://peer.example/", ca: tls/c.pem }] }
`
  const { settings, lines } = await loadFiles({ ...SITE, 'davy.yaml': davy, 'tls/c.pem': 'x' }, { adapters })
  expect(lines.filter((line) => line.includes('davy.yaml'))).toEqual([
    'error davy.yaml:1:40: there is no file /nowhere/k.pem',
    'warning davy.yaml:6:64: there is no file peer.password in the folder of davy.yaml, and this cannot begin without it',
    'warning davy.yaml:8:63: there is no file ca.pem in the folder of davy.yaml, and this cannot begin without it',
  ])
  const { listen, mqtt, opcua, sources, exports, forward, notify } = settings
  const dir = listen.tls!.cert.replace('/tls/c.pem', '')
  expect(dir).toMatch(/^\/./)
  expect([mqtt.tls?.cert, opcua.certificates, exports[0]?.folder, forward[0]?.mqtt?.tls?.ca]).toEqual(
    ['tls/c.pem', 'pki', 'out', 'ca.pem'].map((path) => `${dir}/${path}`),
  )
  expect(sources.map((source) => source.settings)).toMatchObject([
    { folder: `${dir}/drop` },
    { passwordFile: `${dir}/peer.password`, tls: { ca: `${dir}/tls/c.pem` } },
  ])
  expect(notify.channels[0]?.settings).toMatchObject({ ca: `${dir}/tls/c.pem` })
})

test('a Modbus line of seven bits is refused in words', async () => {
  const adapters = { modbus: async () => (await import('../../adapters/modbus/index.ts')).modbus }
  const slaves = 'slaves: [{ unit: 1, points: [{ point: tanks/t-1, table: holding, address: 0, type: u16 }] }]'
  const source = `{ adapter: modbus, site: mine, serial: { path: /dev/ttyS0, dataBits: 7 }, ${slaves} }`
  const { lines } = await loadFiles({ ...SITE, 'davy.yaml': `sources: [${source}]` }, { adapters })
  expect(lines.filter((line) => line.startsWith('error'))).toEqual([
    expect.stringMatching(/: expected 8, which Modbus RTU needs, found the number 7$/),
  ])
})

test('certificates of listeners are there', async () => {
  const { settings, lines } = await loadFiles({
    ...SITE,
    'davy.yaml': 'listen: { tls: { cert: tls/c.pem, key: tls/k.pem } }',
    'tls/c.pem': 'x',
  })
  expect(settings.listen.tls!.cert).toMatch(/^\/.*\/tls\/c\.pem$/)
  expect(lines).toContain('error davy.yaml:1:40: there is no file tls/k.pem in the folder of davy.yaml')
})

test('a device has one secret; unknown keys are errors', async () => {
  expect(
    (await load('mqtt: { users: [{ user: a, site: mine }, { user: b, password: long-enough, site: mien }] }')).lines,
  ).toEqual([
    'davy.yaml:1:17: a device has either "password" or "hash"',
    'davy.yaml:1:82: unknown site "mien"; did you mean "mine"?',
  ])
  expect((await load('lisen: {}')).lines).toEqual(['davy.yaml:1:1: unknown key "lisen"; did you mean "listen"?'])
})

test('groups, mines, gates and ways up name sites and points that there are', async () => {
  const { lines } = await loadFiles(
    {
      ...SITE,
      'davy.yaml': `mqtt: { sparkplug: { groups: { G: mien } } }
sources:
  - { adapter: mine-files, folder: f, mines: { "410403004688": mien, "410403004689": { site: mine, gate: tanks/t1 } } }
forward: [{ name: a, mqtt: { url: "mqtt://m" }, sites: [mine, mien] }]
`,
    },
    { adapters: { 'mine-files': async () => (await import('../../adapters/mine-files/index.ts')).mineFiles } },
  )
  expect(lines.filter((line) => line.startsWith('error'))).toEqual([
    expect.stringMatching(/davy.yaml:1:.* unknown site "mien"; did you mean "mine"\?/),
    expect.stringMatching(/davy.yaml:3:.* unknown site "mien"/),
    expect.stringMatching(/davy.yaml:3:.* unknown point "tanks\/t1" of site "mine"; did you mean "tanks\/t-1"\?/),
    expect.stringMatching(/davy.yaml:4:.* unknown site "mien"/),
  ])
})

test('a way up speaks one protocol, under a name of its own', async () => {
  const kafka = 'kafka: { brokers: ["k:9092"] }'
  const mqtt = 'mqtt: { url: "mqtt://m" }'
  expect((await load(`forward: [{ name: a, ${kafka} }, { name: b, ${mqtt} }]`)).lines).toEqual([])
  expect((await load(`forward: [{ name: a, ${kafka} }, { name: a, ${mqtt} }]`)).lines).toEqual([
    'davy.yaml:1:64: way up "a" is already declared',
  ])
  for (const none of ['{ name: a }', `{ name: a, ${kafka}, ${mqtt} }`]) {
    expect((await load(`forward: [${none}]`)).lines).toEqual(['davy.yaml:1:11: a way up has either "mqtt" or "kafka"'])
  }
  expect((await load('forward: [{ name: a, kafka: { brokers: [k] } }]')).lines).toEqual([
    'davy.yaml:1:41: expected host:9092, found "k"',
  ])
})

test('a part that is no part at all hides nothing, and brings up nothing else', async () => {
  expect((await load('listen: words\nsources: [{ adapter: pcl }]\n')).lines).toEqual([
    'davy.yaml:1:9: expected keys and values, found "words"',
    'davy.yaml:2:22: unknown adapter "pcl"; did you mean "plc"?',
  ])
})

test('what is broken in one section hides nothing of another', async () => {
  const { lines } = await load(`storage: { kep: 1 }
listen: { prot: 1, host: 0.0.0.0 }
mqtt: { host: 0.0.0.0, users: [{ user: a, hash: "\${HASH}", site: mine }, { user: a, password: long-enough, site: mine }] }
opcua: { enabled: true, host: 0.0.0.0 }
forward: [{ name: a }]
notify: { langauge: zh, channels: [{ adapter: webhok }, { adapter: webhook, url: "\${URL}" }] }
`)
  expect(lines).toEqual([
    'davy.yaml:1:12: unknown key "kep"; known: snapshotEvery, history, deadLetters, disk',
    'davy.yaml:2:11: unknown key "prot"; did you mean "port"?',
    'davy.yaml:2:26: 0.0.0.0 is reached from other machines: give `tls`, or say `insecure: true` where that network is trusted',
    'davy.yaml:3:49: the environment has no HASH: set it where davy is started',
    expect.stringContaining('davy.yaml:4:31: 0.0.0.0 is reached from other machines: say `security: Basic256Sha256`'),
    'davy.yaml:5:11: a way up has either "mqtt" or "kafka"',
    'davy.yaml:6:11: unknown key "langauge"; did you mean "language"?',
    'davy.yaml:6:47: unknown adapter "webhok"; did you mean "webhook"?',
    'davy.yaml:6:82: the environment has no URL: set it where davy is started',
  ])
})

test.each([
  ['mqtt', 'url: "mqtt://h", tls: {}', '`tls` is for mqtts://: with mqtt:// everything travels in the clear'],
  [
    'mqtt',
    'url: "mqtt://h", passwordFile: davy.yaml',
    '`passwordFile` without `username`: a broker takes no such login',
  ],
  ['mqtt', 'url: "mqtts://h:99999"', '"h:99999" is no host and port'],
  ['mqtt', 'url: "mqtts://h:8884", username: u, passwordFile: davy.yaml, tls: {}', undefined],
  ['kafka', 'brokers: ["h:9092", "h:99999"]', '"h:99999" is no host and port'],
  [
    'kafka',
    'brokers: ["h:9092"], sasl: { mechanism: plain, username: u, passwordFile: davy.yaml }',
    '`plain` sends the password as it is: give `tls` too',
  ],
  [
    'kafka',
    'brokers: ["[::1]:9092"], tls: {}, sasl: { mechanism: plain, username: u, passwordFile: davy.yaml }',
    undefined,
  ],
])('who talks to a peer of %s is told before the start what cannot be: %s', async (kind, settings, wrong) => {
  const source = `sources: [{ adapter: ${kind === 'mqtt' ? 'mqtt-client' : 'kafka'}, name: s, ${settings} }]`
  for (const davy of [source, `forward: [{ name: s, ${kind}: { ${settings} } }]`]) {
    const { lines } = await loadFiles({ ...SITE, 'davy.yaml': davy }, { adapters: EVERY })
    const told = lines.filter(isError).map((line) => line.replace(/^error davy\.yaml:1:\d+: (s: )?/, ''))
    expect(told).toEqual(wrong === undefined ? [] : [wrong])
  }
})

test('a device is declared once', async () => {
  const user = '{ user: a, password: long-enough, site: mine }'
  expect((await load(`mqtt: { users: [${user}, ${user}] }`)).lines).toEqual([
    'davy.yaml:1:73: device "a" is already declared',
  ])
})

test('OPC UA clients of other machines come encrypted and by name; its certificates lie beside the configuration', async () => {
  const here = 'enabled: true, host: 192.0.2.7'
  expect((await load(`opcua: { ${here} }`)).lines.join()).toMatch(
    /davy.yaml:1:\d+: 192.0.2.7 is reached .*Basic256Sha256/,
  )
  expect((await load(`opcua: { ${here}, insecure: true }`)).lines).toEqual([])
  expect((await load(`opcua: { ${here}, security: Basic256Sha256 }`)).lines).toEqual([])
  const anonymous = await load(`opcua: { ${here}, security: Basic256Sha256, anonymous: true }`)
  expect(anonymous.lines.join()).toMatch(/clients must log in/)
  expect((await load('opcua: { host: 192.0.2.7 }')).lines).toEqual([])
  const { settings } = await load('opcua: { enabled: true, anonymous: true, certificates: pki }')
  expect(settings.opcua).toMatchObject({
    port: 4841,
    security: 'None',
    certificates: expect.stringMatching(/^\/.*\/pki$/),
  })
})
