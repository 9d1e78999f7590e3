/** What whoever sets a mine up gets to read for a slip in the example configuration: one slip, one line, and what to do. */
import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ADAPTERS } from '../../adapters/index.ts'
import { RULES } from '../../rules/index.ts'
import { check } from './check.ts'

const EXAMPLE = join(import.meta.dirname, '../../../config')
const SITE = 'sites/baoyuan.yaml'
const PEOPLE = 'sites/baoyuan.people.csv'
const PACK = 'rules/aq-1029.yaml'
const T0 = 'unit: "%", area: face-101, place: T0'

let root: string
let made = 0
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'davy-mistakes-'))
})
afterAll(() => rm(root, { recursive: true }))

type Slip = (dir: string) => Promise<unknown>

/** What `davy check` says, without its last line. */
async function said(slip: Slip): Promise<readonly string[]> {
  made += 1
  const dir = join(root, String(made))
  await cp(EXAMPLE, dir, { recursive: true })
  await slip(dir)
  const { text } = await check(dir, { rules: RULES, adapters: ADAPTERS, env: {} })
  return text.split('\n').slice(0, -1)
}

const edit =
  (file: string, from: string, to: string): Slip =>
  async (dir) => {
    const text = await readFile(join(dir, file), 'utf8')
    expect(text).toContain(from)
    await writeFile(
      join(dir, file),
      text.replace(from, () => to),
    )
  }
const append =
  (file: string, more: string): Slip =>
  async (dir) =>
    writeFile(join(dir, file), `${(await readFile(join(dir, file), 'utf8')).trimEnd()}\n${more}`)
test.each<[string, Slip, string]>([
  [
    'a key',
    edit(SITE, 'silentAfter: 60s', 'silentAftr: 60s'),
    `${SITE}:54:97: unknown key "silentAftr"; did you mean "silentAfter"?`,
  ],
  [
    'a needed key',
    edit('davy.yaml', 'endpoint:', 'endpiont:'),
    'davy.yaml:20:5: unknown key "endpiont"; did you mean "endpoint"?',
  ],
  [
    'the key that says whose the others are',
    edit('davy.yaml', '- adapter: opcua', '- adaptor: opcua'),
    'davy.yaml:18:5: unknown key "adaptor"; did you mean "adapter"?',
  ],
  [
    'a unit',
    edit(SITE, T0, T0.replace('%', 'ppm')),
    `${SITE}:54:5: warning: gas.ch4 of "face-101/ch4-t0" is in ppm, and in % at "face-101/ch4-t1": limits are numbers without a unit`,
  ],
  [
    'an id twice',
    edit(SITE, 'id: face-101/ch4-t1', 'id: face-101/ch4-t0'),
    `${SITE}:55:11: point "face-101/ch4-t0" is already declared at ${SITE}:54`,
  ],
  [
    'an area twice',
    edit(SITE, '{ id: maint-7, kind', '{ id: head-202, kind'),
    `${SITE}:28:11: area "head-202" is already declared at ${SITE}:27`,
  ],
  [
    'areas in a circle',
    edit(SITE, '{ id: underground, kind: underground,', '{ id: underground, kind: underground, in: face-101,'),
    `${SITE}:24:42: an area cannot lie in itself: face-101 in underground in face-101`,
  ],
  [
    'a time zone',
    edit(SITE, 'Asia/Shanghai', 'Beijing'),
    `${SITE}:8:11: unknown time zone "Beijing"; use an IANA name such as Asia/Shanghai`,
  ],
  [
    'an area that is not there',
    edit(SITE, 'in: face-101, name', 'in: face-1001, name'),
    `${SITE}:25:46: unknown area "face-1001"; did you mean "face-101"?`,
  ],
  [
    'a limit below zero',
    edit(PACK, 'high: 1.0', 'high: -1.0'),
    `${PACK}:19:5: rule "ch4/coal-face-t0": level "warning" is below zero (-1), which gas.ch4 of "face-101/ch4-t0" never is`,
  ],
  [
    'a card of two',
    edit(PEOPLE, 'p-002,10002', 'p-002,10001'),
    `${PEOPLE}:3:1: card "10001" is held by two persons: "p-001" on line 2 and "p-002" on line 3`,
  ],
  [
    'semicolons',
    edit(PEOPLE, 'person,card,name,role,team,certificate,expires', 'person;card;name'),
    `${PEOPLE}:1:1: values are parted by commas, not by ";": save the file as CSV with commas`,
  ],
  [
    'a row that cannot be read',
    edit(PEOPLE, '韩玉华', '韩"玉华'),
    `${PEOPLE}:2:1: the row cannot be read: a quotation mark stands inside a value; double it and quote the whole value`,
  ],
  ['no people file', (dir) => rm(join(dir, PEOPLE)), `${SITE}:91:9: there is no file ${PEOPLE}`],
  [
    'an empty people file',
    (dir) => writeFile(join(dir, PEOPLE), ''),
    `${PEOPLE}:1:1: the file is empty; the first row names the columns: person,card,name,role,team,certificate,expires`,
  ],
  [
    'an empty site',
    (dir) => writeFile(join(dir, 'sites/new.yaml'), ''),
    'sites/new.yaml:1:1: the file is empty; a site begins with `site: its-id`',
  ],
  [
    'an empty pack',
    (dir) => writeFile(join(dir, 'rules/new.yaml'), '# later\n'),
    'rules/new.yaml:1:1: warning: the file is empty: it asks for nothing',
  ],
  [
    'a bracket',
    edit(SITE, 'areas:\n', 'areas: [\n'),
    `${SITE}:18:3: YAML: a [ or { that was opened before is not closed, or a comma is missing before this`,
  ],
  [
    'a bracket that nothing follows',
    (dir) => writeFile(join(dir, 'rules/new.yaml'), 'rules: [\n'),
    'rules/new.yaml:2:1: YAML: a [ or { that was opened before is not closed, or a comma is missing before this',
  ],
  [
    'a tab',
    edit(SITE, '  - { id: surface,', '\t- { id: surface,'),
    `${SITE}:18:1: YAML: lines are indented with spaces, not with tabs`,
  ],
  [
    'a line too deep',
    edit(SITE, 'status: producing', ' status: producing'),
    `${SITE}:6:7: YAML: a second "key: value" begins here: write a value that has ": " in it in quotes, and indent the next line no deeper than this one`,
  ],
  [
    'no space behind a colon',
    edit(SITE, 'status: producing', 'status:producing'),
    `${SITE}:7:1: YAML: the line is no "key: value": see that ":" has a space behind it, and that the line is indented as those around it`,
  ],
  [
    'a full-width comma',
    edit(SITE, '{ id: surface, ', '{ id: surface，'),
    `${SITE}:18:11: YAML: a [ or { that was opened before is not closed, or a comma is missing before this; ， is full-width (全角): write ,`,
  ],
  [
    'full-width quotes',
    edit(SITE, '"06:00", to', '“06:00”, to'),
    `${SITE}:13:24: expected a time of day such as "06:00", found "“06:00”"; “ is full-width (全角): write "`,
  ],
  [
    'a bare %',
    edit(SITE, T0, T0.replaceAll('"', '')),
    `${SITE}:54:49: YAML: a value does not begin with %, @ or \`: write it in quotes`,
  ],
  [
    'a bare *',
    edit(SITE, 'status: producing', 'status: *producing'),
    `${SITE}:7:9: YAML: * stands for what & marks elsewhere, and nothing is marked so; text that begins with * is written in quotes`,
  ],
  [
    'a key twice',
    append(SITE, 'status: closed\n'),
    `${SITE}:92:1: YAML: the key stands a second time in the same mapping; keep one of them`,
  ],
  [
    'two documents',
    append(SITE, '---\nsite: other\n'),
    `${SITE}:92:1: YAML: a line of --- begins a second document; what follows belongs into a file of its own`,
  ],
  [
    'a pack that does not parse',
    append('rules/yuzhou-2024.yaml', ']]\n'),
    'rules/yuzhou-2024.yaml:220:1: YAML: this does not belong here: a bracket or quote too many, or one missing before it',
  ],
  [
    'an id with a space',
    edit(SITE, 'site: baoyuan', 'site: bao yuan'),
    `${SITE}:3:7: expected an id of letters, digits, dots, dashes and underscores, found "bao yuan"`,
  ],
  [
    'a range of one',
    edit(SITE, 'range: [0, 10]', 'range: 10'),
    `${SITE}:54:88: expected two numbers, such as [0, 10], found the number 10`,
  ],
  [
    'a position of two',
    edit(SITE, 'at: [20, 15, 182]', 'at: [20, 15]'),
    `${SITE}:38:65: expected three numbers, such as [1200, 340, -420], found a list of 2`,
  ],
  [
    'another ending',
    (dir) => rename(join(dir, SITE), join(dir, 'sites/baoyuan.yml')),
    'sites/baoyuan.yml:1:1: only files named *.yaml are read: rename it to baoyuan.yaml',
  ],
  [
    'an ending that a desktop hides',
    (dir) => rename(join(dir, SITE), join(dir, `${SITE}.txt`)),
    `${SITE}.txt:1:1: only files named *.yaml are read: rename it to baoyuan.yaml`,
  ],
  [
    'a folder',
    (dir) => rename(join(dir, 'sites'), join(dir, 'site')),
    'sites:1:1: there is no site: declare one in sites/its-id.yaml, or rename the folder "site" to "sites"',
  ],
  [
    'no rules',
    (dir) => rm(join(dir, 'rules'), { recursive: true }),
    'rules:1:1: warning: there are no rules, so nothing will be judged: put a pack into rules/',
  ],
  [
    'a secret that is not set',
    edit(
      'davy.yaml',
      'mqtt: { host: 127.0.0.1, port: 1883 }',
      `mqtt: { users: [{ user: a, password: "$${'{GATEWAY}'}", site: baoyuan }] }`,
    ),
    'davy.yaml:14:38: the environment has no GATEWAY: set it where davy is started',
  ],
  [
    'a password in an address',
    edit('davy.yaml', 'sources:\n', 'sources:\n  - { adapter: mqtt-client, url: mqtt://user:secret@host }\n'),
    'davy.yaml:17:34: expected mqtt://host:1883 or mqtts://host:8883, without user and password, found "mqtt://…@host"',
  ],
  [
    'a node',
    edit('davy.yaml', '"ns=1;s=tanks/t-01/level"', 'tanks/t-01/level'),
    'davy.yaml:23:17: expected a node id such as ns=2;s=Face101.CH4, found "tanks/t-01/level"',
  ],
  [
    'a looser limit',
    (dir) =>
      writeFile(
        join(dir, 'rules/mine.yaml'),
        'regulation: { id: mine, level: mine, extends: yuzhou-2024 }\nrules:\n  - { override: crew/coal-face, limit: 30 }\n',
      ),
    'rules/mine.yaml:3:5: limit 30 is looser than 25 of "crew/coal-face" (rules/yuzhou-2024.yaml:46), which it overrides: say why, as `reason`',
  ],
])('%s', async (_, slip, line) => {
  expect(await said(slip)).toEqual([line])
})

test('what editors and spreadsheets write otherwise is read all the same', async () => {
  const again =
    (write: (text: string) => string | Uint8Array): Slip =>
    async (dir) => {
      for (const file of [SITE, PEOPLE, PACK, 'davy.yaml']) {
        await writeFile(join(dir, file), write(await readFile(join(dir, file), 'utf8')))
      }
    }
  expect(await said(again((text) => `\ufeff${text}`))).toEqual([])
  expect(await said(again((text) => text.replaceAll('\n', '\r\n')))).toEqual([])
  expect(await said(again((text) => Buffer.from(`\ufeff${text}`, 'utf16le')))).toEqual([])
})

test('without a level at which power is cut the rules that go by it never speak', async () => {
  const slip: Slip = async (dir) => {
    const text = await readFile(join(dir, PACK), 'utf8')
    await writeFile(join(dir, PACK), text.replaceAll('name: cut', 'name: off'))
  }
  const never = 'can never alarm: no gas point of its areas has a level named "cut" in a `limit` item'
  expect(await said(slip)).toEqual([
    `rules/aq-1029.yaml:337:5: warning: rule "cut/failed" ${never}`,
    `rules/aq-1119.yaml:48:5: warning: rule "evacuation/gas" ${never}`,
  ])
})

test('a site that does not parse is not missed by whoever names it', async () => {
  expect(await said(append(SITE, 'x: [\n'))).toEqual([expect.stringMatching(/^sites\/baoyuan\.yaml:9\d:\d+: YAML: /)])
})
