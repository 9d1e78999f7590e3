/** Tables out and in: what spreadsheets would run, what Chinese ones write, and what unpacks to too much. */
import { deflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { MOST_ROWS, readTable } from './read.ts'
import { csvOf, xlsxOf } from './table.ts'

const TABLE = {
  name: '表 Table',
  titles: ['编号 Number', '内容 Text'],
  rows: [
    [1, '=1+1'],
    [-2.5, 'a "quoted", one\nin two lines'],
    [undefined, '@import'],
    [3, '＝1+1'],
  ],
} as const

test('texts that look like formulas are led by an apostrophe; numbers are numbers', () => {
  expect(csvOf([TABLE])).toBe(
    '\uFEFF编号 Number,内容 Text\r\n1,\'=1+1\r\n-2.5,"a ""quoted"", one\nin two lines"\r\n,\'@import\r\n3,\'＝1+1\r\n',
  )
})

test('what was written is read again, from either format', async () => {
  const cells = [
    ['编号 Number', '内容 Text'],
    ['1', expect.stringContaining('=1+1')],
    ['-2.5', 'a "quoted", one\nin two lines'],
    ['', expect.stringContaining('@import')],
    ['3', expect.stringContaining('＝1+1')],
  ]
  expect((await readTable(Buffer.from(csvOf([TABLE])))).map((row) => row.cells)).toEqual(cells)
  const rows = await readTable(await xlsxOf([TABLE]))
  expect(rows.map((row) => row.cells)).toEqual(cells)
  expect(rows.map(({ row }) => row)).toEqual([1, 2, 3, 4, 5])
})

test('CSV in the encoding of Chinese spreadsheets', async () => {
  const gbk = Buffer.from([0xb1, 0xe0, 0xba, 0xc5, 0x2c, 0x61, 0x0a])
  expect(await readTable(gbk)).toEqual([{ row: 1, cells: ['编号', 'a'] }])
})

test('too many rows, broken files, and files that unpack without end are refused', async () => {
  const refused = (body: Buffer) =>
    readTable(body).then(
      () => undefined,
      ({ code }) => code,
    )
  expect(await refused(Buffer.from('a\n'.repeat(MOST_ROWS + 2)))).toBe('sheet-too-large')
  expect(await refused(Buffer.from('a\n'.repeat(MOST_ROWS + 1)))).toBeUndefined()
  expect(await refused(Buffer.from('a,"b\n'))).toBe('sheet-unreadable')
  expect(await refused(Buffer.from('PK\u0003\u0004 nothing'))).toBe('sheet-unreadable')
  expect(await refused(zip(deflateRawSync(Buffer.alloc(70 * 1024 * 1024))))).toBe('sheet-too-large')
})

/** A zip of one part that says it is a byte long. */
function zip(packed: Buffer): Buffer {
  const name = Buffer.from('xl/a')
  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50, 0)
  local.writeUInt16LE(8, 8)
  local.writeUInt32LE(packed.length, 18)
  local.writeUInt32LE(1, 22)
  local.writeUInt16LE(name.length, 26)
  const entry = Buffer.alloc(46)
  entry.writeUInt32LE(0x02014b50, 0)
  entry.writeUInt16LE(8, 10)
  entry.writeUInt32LE(packed.length, 20)
  entry.writeUInt32LE(1, 24)
  entry.writeUInt16LE(name.length, 28)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(entry.length + name.length, 12)
  end.writeUInt32LE(local.length + name.length + packed.length, 16)
  return Buffer.concat([local, name, packed, entry, name, end])
}
