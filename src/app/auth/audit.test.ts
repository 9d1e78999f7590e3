/** The audit log finds tampering, survives crashes, and tells one from the other. */
import { execFile } from 'node:child_process'
import { appendFile, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { auditFile, openAudit, verifyAudit } from './audit.ts'

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'davy-audit-'))
  file = auditFile(folder)
})
afterEach(() => rm(folder, { recursive: true }))

const now = () => 1_777_593_600_000
const lines = async () => (await readFile(file, 'utf8')).split('\n').slice(0, -1)

async function write(count: number): Promise<void> {
  const audit = await openAudit({ file, now })
  for (let i = 0; i < count; i++) {
    await audit.append({
      who: 'wang',
      action: 'people-viewed',
      object: 'baoyuan',
      address: '10.0.0.7',
      detail: { people: i },
    })
  }
  await audit.close()
}

test('what was appended verifies, over restarts, and only its owner may read it', async () => {
  await write(3)
  await write(2)
  expect(await verifyAudit(file)).toEqual({ ok: true, records: 5 })
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  const [first, second] = (await lines()).map((line) => JSON.parse(line))
  expect(first).toMatchObject({ n: 1, at: '2026-05-01T00:00:00.000Z', who: 'wang', prev: '0'.repeat(64) })
  expect(second.prev).toBe(first.hash)
  expect(await verifyAudit(join(folder, 'none'))).toEqual({ ok: true, records: 0 })
})

test('appends that overlap all get their place, and are on disk when they resolve', async () => {
  const audit = await openAudit({ file, now })
  const records = await Promise.all(
    Array.from({ length: 200 }, (_, i) => audit.append({ who: `u${i}`, action: 'login' })),
  )
  expect(await verifyAudit(file)).toEqual({ ok: true, records: 200 })
  expect(records.map(({ n }) => n)).toEqual(Array.from({ length: 200 }, (_, i) => i + 1))
  expect((await lines()).map((line) => JSON.parse(line).who)).toEqual(records.map(({ who }) => who))
  await audit.close()
})

test('every kind of tampering is found at the first broken record', async () => {
  await write(6)
  const whole = await lines()
  const forge = (index: number, change: (line: string) => string) =>
    whole.map((line, i) => (i === index ? change(line) : line))
  const cases: [string, string[], number][] = [
    ['a changed name', forge(2, (line) => line.replace('wang', 'li')), 3],
    ['a changed number', forge(5, (line) => line.replace('"people":5', '"people":6')), 6],
    ['a removed record', whole.toSpliced(2, 1), 3],
    ['a removed first record', whole.slice(1), 1],
    ['an exchanged pair', [whole[0]!, whole[2]!, whole[1]!, ...whole.slice(3)], 2],
    ['a doubled record', whole.toSpliced(3, 0, whole[2]!), 4],
    ['other bytes of the same content', forge(1, (line) => line.replace('"who":', '"who": ')), 2],
    ['an escaped letter', forge(1, (line) => line.replace('"wang"', '"\\u0077ang"')), 2],
    ['a key twice', forge(1, (line) => line.replace('{"n":2', '{"n":9,"n":2')), 2],
    ['no record', forge(4, () => 'null'), 5],
    ['an emptied line', forge(4, () => ''), 5],
  ]
  for (const [name, tampered, record] of cases) {
    await writeFile(file, `${tampered.join('\n')}\n`)
    const verdict = await verifyAudit(file)
    expect(verdict, name).toMatchObject({ ok: false, records: record - 1, firstBroken: { record } })
    expect(verdict.firstBroken!.reason, name).not.toBe('')
  }
})

test('a record forged with a hash of its own breaks the next one', async () => {
  await write(3)
  const { createHash } = await import('node:crypto')
  const whole = await lines()
  const { hash, ...content } = JSON.parse(whole[1]!)
  content.who = 'li'
  const forged = JSON.stringify({
    ...content,
    hash: createHash('sha256').update(JSON.stringify(content)).digest('hex'),
  })
  expect(forged).not.toContain(hash)
  await writeFile(file, `${[whole[0], forged, whole[2]].join('\n')}\n`)
  expect(await verifyAudit(file)).toMatchObject({ ok: false, firstBroken: { record: 3 } })
})

test('a torn last line, wherever it tears, is said and breaks nothing', async () => {
  await write(3)
  const { size } = await stat(file)
  const last = (await lines()).at(-1)!.length + 1
  for (const cut of [1, 2, Math.floor(last / 2), last - 1]) {
    await rm(file)
    await write(3)
    await truncate(file, size - cut)
    expect(await verifyAudit(file), `${cut} bytes cut`).toEqual({ ok: true, records: 2, torn: last - cut })
    await write(1)
    expect(await verifyAudit(file)).toEqual({ ok: true, records: 4 })
    expect(JSON.parse((await lines())[2]!)).toMatchObject({
      who: 'system',
      action: 'audit-torn',
      detail: { bytes: last - cut },
    })
  }
})

test('zeros after a power cut are a torn line too', async () => {
  await write(2)
  await appendFile(file, Buffer.alloc(512))
  expect(await verifyAudit(file)).toEqual({ ok: true, records: 2, torn: 512 })
  await write(1)
  expect(await verifyAudit(file)).toEqual({ ok: true, records: 4 })
})

test('a tampered log is continued, and still shows where it was broken', async () => {
  await write(3)
  const whole = await lines()
  await writeFile(file, `${whole[0]}\nrubbish\n`)
  await write(2)
  expect(await verifyAudit(file)).toMatchObject({
    ok: false,
    records: 1,
    firstBroken: { record: 2, reason: 'the line is not a record' },
  })
})

test('a last record longer than one look back is found', async () => {
  const audit = await openAudit({ file, now })
  await audit.append({ who: 'wang', action: 'command', detail: '长'.repeat(100_000) })
  await audit.append({ who: 'wang', action: 'command', detail: 'x'.repeat(300_000) })
  await audit.close()
  await write(1)
  expect(await verifyAudit(file)).toEqual({ ok: true, records: 3 })
})

test('a full disk refuses the record and leaves the chain whole', async () => {
  // The shell's file size limit tears the write in the middle of a line, as a full disk does.
  const script = `
    import { openAudit } from ${JSON.stringify(new URL('./audit.ts', import.meta.url).href)}
    process.on('SIGXFSZ', () => {})
    const audit = await openAudit({ file: ${JSON.stringify(file)}, now: () => 0 })
    const append = (size) => audit.append({ who: 'wang', action: 'command', detail: 'x'.repeat(size) }).then(() => 'kept', (error) => error.code)
    const said = [await append(3000), await append(9000), await append(2000)]
    await audit.close()
    console.log(JSON.stringify(said))`
  const shell = 'ulimit -f 8; exec "$0" --input-type=module -e "$1"'
  const { stdout } = await promisify(execFile)('bash', ['-c', shell, process.execPath, script])
  expect(JSON.parse(stdout)).toEqual(['kept', 'EFBIG', 'kept'])
  expect(await verifyAudit(file)).toEqual({ ok: true, records: 2 })
})
