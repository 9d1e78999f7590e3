import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeFile, type MineFile } from './decode.ts'
import { type Dialect, dialectOf, PRESETS, type Preset } from './dialect.ts'
import { encodeFile } from './encode.ts'
import { decodeText, encodeText } from './encoding.ts'
import { parseName, writeName } from './file-name.ts'
import { columnsOf, FILE_TYPES, type FileType, LAYOUTS } from './layouts.ts'
import { writeStamp, writeTime } from './local-time.ts'
import { EIGHT, MINE, ZONE } from './mine.fixture.ts'

const stamp = writeStamp(EIGHT, ZONE)
const nameOf = (type: FileType, dialect: Dialect = PRESETS.national) => {
  const mine = MINE.padEnd(dialect.mineDigits, '0')
  const name = parseName(writeName({ mine, type, stamp }, dialect), dialect)
  if (typeof name === 'string') throw new Error(name)
  return name
}
const headerOf = (type: FileType, mine = MINE) =>
  Array.from({ length: LAYOUTS[type].header }, (_, i, last = LAYOUTS[type].header - 1) =>
    i === 0 ? mine : i === last ? writeTime(EIGHT, ZONE) : '宝源',
  )
const read = (text: string, type: FileType = 'CDSS', dialect: Dialect = PRESETS.national) =>
  decodeFile(Buffer.from(text), { name: nameOf(type, dialect), dialect })
const HEAD = `${MINE};宝源煤矿;2026-05-01 08:00:00~`

describe('decoding', () => {
  test('a file as the national dialect writes it', () => {
    const file = read(`${HEAD}A1;环境瓦斯;101 面;0.42;%;0;2026-05-01 07:59:58~A2;;;;;;~||`) as MineFile
    expect(file.time).toBe('2026-05-01 08:00:00')
    expect(file.records.map(({ number, cells }) => [number, cells.code, cells.value, cells.time])).toEqual([
      [1, 'A1', '0.42', '2026-05-01 07:59:58'],
      [2, 'A2', '', ''],
    ])
    expect(file.refused).toEqual([])
  })

  test('an empty snapshot is a whole file', () => {
    expect(read(`${HEAD}||`, 'RYSS')).toMatchObject({ records: [], refused: [] })
  })

  test.each([
    ['', 'file-incomplete', 'does not end with ||'],
    [`${HEAD}A1;;;1;%;0`, 'file-incomplete', ''],
    ['410403004689;x;2026-05-01 08:00:00~||', 'file-header', 'record 0: field 1 (mine): "410403004689"'],
    [`${MINE};x;2026-02-30 08:00:00~||`, 'file-header', 'record 0: field 3 (time)'],
    [`${HEAD}A1;;;1;%;0;~\r\n||`, 'file-line-breaks', 'record 2: a line break'],
    [`${HEAD}A1;;;1;%~A2;;;1;%;0;~||`, 'file-spoilt', '1 of 2 records are bad; record 1: 5 fields, 7 expected'],
  ])('%j is refused whole', (text, code, detail) => {
    expect(read(text)).toMatchObject({ code, detail: expect.stringContaining(detail) })
  })

  test('a bad record is refused with its number and field, and the others go on', () => {
    const good = 'A1;;;1;%;0;~'
    const file = read(`${HEAD}${good.repeat(12)}A2;;;1;%;zero;~A3;;;1;%;0;soon~A4;;;1~||`) as MineFile
    expect(file.records).toHaveLength(12)
    expect(file.refused.map(({ code, detail }) => `${code} ${detail}`)).toEqual([
      `record-field ${nameOf('CDSS').file}: record 13: field 6 (status): "zero"`,
      `record-field ${nameOf('CDSS').file}: record 14: field 7 (time): "soon"`,
      `record-fields ${nameOf('CDSS').file}: record 15: 4 fields, 7 expected`,
    ])
  })

  test('GB18030 is seen by its bytes; what is neither is refused', () => {
    const text = `${HEAD}A1;环境瓦斯;一〇一工作面;0.42;%;0;~||`
    const bytes = encodeText(text, 'gb18030')
    expect(bytes).not.toEqual(Buffer.from(text))
    expect(decodeFile(bytes, { name: nameOf('CDSS'), dialect: PRESETS.national })).toMatchObject({
      records: [{ cells: { sensor: '环境瓦斯' } }],
    })
    const garbled = Buffer.concat([Buffer.from(HEAD), Buffer.from([0xff, 0xff]), Buffer.from('~||')])
    expect(decodeFile(garbled, { name: nameOf('CDSS'), dialect: PRESETS.national })).toMatchObject({
      code: 'file-encoding',
    })
  })

  test('marks, prefix and names of the other dialects', () => {
    const mongolia = PRESETS['inner-mongolia']
    const mine = MINE.padEnd(20, '0')
    expect(parseName(`${mine}_NRYSS_${stamp}.txt`, mongolia)).toMatchObject({ mine, type: 'RYSS' })
    expect(read(`${mine};x;2026-05-01 08:00:00^A1;;;1;%;0;^]]]`, 'CDSS', mongolia)).toMatchObject({
      records: [{ cells: { code: 'A1' } }],
    })
    expect(read(`${MINE};x;2026-05-01 08:00:00~\r\nA1;;;1;%;0;~\r\n||\r\n`, 'CDSS', PRESETS.kj1031x)).toMatchObject({
      records: [{ cells: { code: 'A1' } }],
    })
    const own = dialectOf({ layouts: { CDSS: ['code', '-', 'value'] } })
    expect(read(`${HEAD}A1;whatever;0.3~||`, 'CDSS', own)).toMatchObject({ records: [{ cells: { value: '0.3' } }] })
  })

  test('names that are none', () => {
    const wrong = ['x.txt', `${MINE}_RYSS.txt`, `${MINE}_NEWS_${stamp}.txt`, `${MINE}_RYSS_20260231080000.txt`]
    for (const file of wrong) expect(typeof parseName(file, PRESETS.national)).toBe('string')
    expect(parseName(`${MINE}_1_SXYST_${stamp}_0a1b.txt`, PRESETS.national)).toMatchObject({ type: 'SXYST', stamp })
  })
})

describe('round trip', () => {
  const cell = (form: unknown) =>
    form === 'number'
      ? fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }).map(String)
      : form === 'time'
        ? fc.integer({ min: 0, max: 4e9 }).map((s) => writeTime(s * 1_000, ZONE))
        : form === 'trail'
          ? fc
              .array(fc.integer({ min: 0, max: 4e9 }), { maxLength: 4 })
              .map((times) => times.map((s) => `${MINE}&${writeTime(s * 1_000, ZONE)}`).join(','))
          : Array.isArray(form)
            ? fc.constantFrom(...(form as string[]))
            : fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  const file = fc.constantFrom(...FILE_TYPES).chain((type) =>
    fc.record({
      type: fc.constant(type),
      records: fc.array(fc.record(Object.fromEntries(columnsOf(type, {}).map((c) => [c.name, cell(c.form)]))), {
        maxLength: 5,
      }),
    }),
  )

  test('what is written is read, and written again is the same bytes, in every dialect and code page', () => {
    const dialects = fc.constantFrom(...(Object.keys(PRESETS) as Preset[]))
    fc.assert(
      fc.property(file, dialects, fc.constantFrom('utf-8', 'gb18030'), ({ type, records }, preset, encoding) => {
        const dialect = dialectOf({ preset, encoding })
        const name = nameOf(type, dialect)
        const header = headerOf(type, name.mine)
        const { bytes, left } = encodeFile({ type, header, records }, dialect)
        expect(left).toEqual([])
        const decoded = decodeFile(bytes, { name, dialect })
        expect(decoded).not.toHaveProperty('code')
        const { records: again, header: head } = decoded as MineFile
        expect(again).toHaveLength(records.length)
        const rewritten = encodeFile({ type, header: head, records: again.map(({ cells }) => cells) }, dialect)
        expect(rewritten.bytes).toEqual(bytes)
      }),
      { numRuns: 150 },
    )
  })

  test('a text that holds a mark is widened, or its record left out', () => {
    const write = (dialect: Dialect) =>
      encodeFile(
        { type: 'RYQY', header: headerOf('RYQY'), records: [{ area: 'a', name: '一;二~三|\n' }, { area: 'b' }] },
        dialect,
      )
    expect(decodeText(write(PRESETS.national).bytes, 'auto')).toContain('一；二～三｜')
    const strict = write(dialectOf({ marksInText: 'refuse' }))
    expect(strict.left).toEqual([{ record: 1, field: 'name' }])
    expect(decodeText(strict.bytes, 'auto')).toContain(';;b;;'.slice(1))
  })

  test('every sign of GB18030 comes back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), (text) => {
        fc.pre(text.isWellFormed() && !text.startsWith('\uFEFF'))
        expect(decodeText(encodeText(text, 'gb18030'), 'gb18030')).toBe(text)
      }),
    )
  })
})

describe('whatever comes', () => {
  test('bytes of any kind are decoded or refused by name, never thrown at', () => {
    const pieces = fc.constantFrom(
      HEAD,
      ';',
      '~',
      '||',
      '\r\n',
      '&',
      ',',
      '2026-05-01 08:00:00',
      '求救',
      '\u0000',
      'A1;;;1;%;0;~',
    )
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.array(pieces, { maxLength: 40 }).map((parts) => new Uint8Array(Buffer.from(parts.join('')))),
    )
    fc.assert(
      fc.property(
        bytes,
        fc.constantFrom(...FILE_TYPES),
        fc.constantFrom(...Object.values(PRESETS)),
        (given, type, dialect) => {
          const made = decodeFile(given, { name: nameOf(type, dialect), dialect })
          if ('code' in made) expect(made.detail).toContain(nameOf(type, dialect).file)
          else expect(made.refused.length).toBeLessThanOrEqual(made.records.length)
        },
      ),
      { numRuns: 500 },
    )
  })

  test('names of any kind are read or told what is wrong with them', () => {
    fc.assert(
      fc.property(fc.string(), (file) => {
        expect(['string', 'object']).toContain(typeof parseName(`${file}.txt`, PRESETS.national))
      }),
    )
  })
})
