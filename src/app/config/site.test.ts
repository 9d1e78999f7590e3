import { expect, test } from 'vitest'
import { loadFiles } from './fixture.ts'

/** What is said of one site's file, without the file's name and without what its rules and points lack. */
async function said(site: string): Promise<readonly string[]> {
  const { lines } = await loadFiles({ 'sites/mine.yaml': site })
  return lines.filter((line) => line.startsWith('error')).map((line) => line.replace('error sites/mine.yaml:', ''))
}

test('mistyped keys, kinds and ids, each with its place and what was meant', async () => {
  expect(
    await said(`site: mine
areas:
  - { id: face-101, knd: coal-face }
  - { id: face-102, in: fase-102 }
points:
  - { id: a, kind: gas.ch5 }
  - { id: b, kind: gas.ch4, silentafter: 60s }
  - { id: c, kind: gas.ch4, sentinel: [1] }
  - { id: d, kind: gas.ch4, area: face-12 }
  - { id: e, kind: gas.ch4, silentAfter: 60 }
  - { id: f, kind: gas.ch4, range: [10, 0] }
`),
  ).toEqual([
    '3:21: unknown key "knd"; did you mean "kind"?',
    '4:25: unknown area "fase-102"; did you mean "face-102"?',
    '6:20: unknown "gas.ch5"; did you mean "gas.ch4"?',
    '7:29: unknown key "silentafter"; did you mean "silentAfter"?',
    '8:29: unknown key "sentinel"; did you mean "sentinels"?',
    '9:35: unknown area "face-12"; did you mean "face-102"?',
    '10:42: expected a duration such as 90s, 10m or 8h, or never, found the number 60',
    '11:36: the first value of a range must be the smaller one',
  ])
})

test('ids stand once, in their own alphabet, and not where alarms are published', async () => {
  expect(
    await said(`site: mine
areas:
  - { id: a }
  - { id: a }
points:
  - { id: p, kind: smoke }
  - { id: p, kind: smoke }
  - { id: "p+q", kind: smoke }
  - { id: alarms/x, kind: smoke }
  - { id: 7, kind: smoke }
`),
  ).toEqual([
    '4:11: area "a" is already declared at sites/mine.yaml:3',
    '7:11: point "p" is already declared at sites/mine.yaml:6',
    '8:11: expected an id of letters, digits, dots, dashes and underscores, in parts joined by /, found "p+q"',
    '9:11: "alarms/" is where alarms are published; choose another id',
    '10:11: expected text, found the number 7; write it in quotes',
  ])
  const { lines } = await loadFiles({ 'sites/a.yaml': 'site: same', 'sites/b.yaml': 'site: same' })
  expect(lines).toContain('error sites/b.yaml:1:7: site "same" is already declared at sites/a.yaml:1')
})

test('an area cannot lie in itself, however far round', async () => {
  expect(await said('areas: [{ id: a, in: a }]')).toEqual(['1:22: an area cannot lie in itself: a in a'])
  expect(
    await said(`areas:
  - { id: a, in: b }
  - { id: b, in: c }
  - { id: c, in: a }
`),
  ).toEqual(['4:18: an area cannot lie in itself: c in a in b in c'])
})

test('shifts may touch and leave gaps, but not overlap, over midnight neither', async () => {
  const shifts = (...parts: string[]) => `shifts:\n${parts.map((part) => `  - { ${part} }\n`).join('')}`
  expect(
    await said(
      shifts(
        'id: a, from: "06:00", to: "14:00"',
        'id: b, from: "14:00", to: "22:00"',
        'id: c, from: "22:00", to: "06:00"',
      ),
    ),
  ).toEqual([])
  expect(await said(shifts('id: a, from: "22:00", to: "06:00"', 'id: b, from: "05:59", to: "07:00"'))).toEqual([
    '3:5: shift "b" overlaps shift "a"',
  ])
  expect(await said(shifts('id: a, from: "08:00", to: "08:00"', 'id: b, from: "07:00", to: "07:30"'))).toHaveLength(1)
  expect(await said(shifts('id: a, from: "6:00", to: "25:00"'))).toHaveLength(2)
  expect(await said(shifts('id: a, from: 06:00, to: 24:00'))).toEqual([])
})

test('times of day become milliseconds; work is production by default', async () => {
  const { installation } = await loadFiles({
    'sites/mine.yaml':
      'shifts: [{ id: night, from: "22:00", to: "24:00", work: maintenance }, { id: b, from: "00:30", to: "06:00" }]',
  })
  expect(installation!.sites.get('mine')!.shifts).toEqual([
    { id: 'night', from: 79_200_000, to: 0, work: 'maintenance' },
    { id: 'b', from: 1_800_000, to: 21_600_000, work: 'production' },
  ])
})

test('zones, files and YAML that are not', async () => {
  expect(await said('timezone: Asia/Zhengzhou')).toEqual([
    '1:11: unknown time zone "Asia/Zhengzhou"; use an IANA name such as Asia/Shanghai',
  ])
  expect(await said('people: nobody.csv')).toEqual(['1:9: there is no file sites/nobody.csv'])
  expect(await said('')).toEqual(['1:1: the file is empty; a site begins with `site: its-id`'])
  expect(await said('- a\n- b\n')).toEqual(['1:1: expected keys and values, found a list'])
  expect(await said('site: a\nsite: b\n')).toEqual([
    '2:1: YAML: the key stands a second time in the same mapping; keep one of them',
  ])
  expect(
    await said(
      `a: &a [x, x, x, x, x, x, x, x, x]\n${'bcdefgh'.replace(/./g, (c) => {
        const before = String.fromCharCode(c.charCodeAt(0) - 1)
        return `${c}: &${c} [${Array(9).fill(`*${before}`).join(', ')}]\n`
      })}`,
    ),
  ).toEqual([expect.stringContaining('alias')])
})

test('text as editors and spreadsheets save it: byte order marks, UTF-16, GB18030', async () => {
  const site = 'name: { zh: 宝源煤矿 }\n'
  // 宝源煤矿 in GB18030.
  const gb = Uint8Array.from([
    ...Buffer.from('name: { zh: '),
    0xb1,
    0xa6,
    0xd4,
    0xb4,
    0xc3,
    0xba,
    0xbf,
    0xf3,
    ...Buffer.from(' }\n'),
  ])
  for (const content of [site, `\ufeff${site}`, Buffer.from(`\ufeff${site}`, 'utf16le'), gb]) {
    const { installation } = await loadFiles({ 'sites/mine.yaml': content })
    expect(installation!.sites.get('mine')!.name).toEqual({ zh: '宝源煤矿', en: '宝源煤矿' })
  }
  const { lines } = await loadFiles({ 'sites/mine.yaml': Uint8Array.from([0, 1, 2, 0xff, 0xff]) })
  expect(lines).toContain('error sites/mine.yaml:1:1: the file is neither UTF-8 nor GB18030 text; save it as UTF-8')
})

test('a file that is too large to be a configuration', async () => {
  const { lines } = await loadFiles({ 'sites/mine.yaml': Buffer.alloc(17 * 1024 * 1024, '#') })
  expect(lines).toContain('error sites/mine.yaml:1:1: the file has 17 MiB, more than 16; split it')
})
