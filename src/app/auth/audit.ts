/** The audit log (审计日志): who did and looked at what, as JSON Lines in which each record seals the one before. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Json } from '../../model/json.ts'
import { formatInstant, type Instant } from '../../model/time.ts'

export interface AuditEntry {
  /** User, or `system`. */
  readonly who: string
  /** `login`, `login-refused`, `logout`, `people-viewed`, `alarm-viewed`, `track-viewed`, `command`, `configuration-reloaded`, … */
  readonly action: string
  /** What it was done to: a site, an alarm, a user. */
  readonly object?: string
  /** Where the request came from. */
  readonly address?: string
  readonly detail?: Json
}

/** One line of the file. `hash` is the SHA-256 of the line without it; `prev` is the hash of the record before. */
export interface AuditRecord extends AuditEntry {
  readonly n: number
  /** ISO 8601 UTC. */
  readonly at: string
  readonly prev: string
  readonly hash: string
}

export interface Audit {
  /** Resolves once the record is on disk; rejects, and leaves the chain whole, where it cannot be written. */
  append(entry: AuditEntry): Promise<AuditRecord>
  close(): Promise<void>
}

export interface AuditVerdict {
  readonly ok: boolean
  /** Whole records read, up to the first broken one. */
  readonly records: number
  readonly firstBroken?: { readonly record: number; readonly reason: string }
  /** Bytes of an unfinished last line: a crash in mid-write, which breaks nothing. */
  readonly torn?: number
}

const START = '0'.repeat(64)
const NEWLINE = 0x0a

/** Where the audit log of a data folder is; `davy verify` reads it too. */
export function auditFile(data: string): string {
  return join(data, 'audit.jsonl')
}

/** Opens the log for appending, mode 600. A torn last line is cut off, and a record says so.
 *  A tampered file is continued, not mended: `verifyAudit` still names the break. */
export async function openAudit({ file, now }: { file: string; now: () => Instant }): Promise<Audit> {
  await mkdir(dirname(file), { recursive: true })
  const handle = await open(file, 'a+', 0o600)
  await syncFolder(dirname(file))
  const end = await findEnd(handle)
  const log = new AuditLog(handle, end, now)
  if (end.torn.length > 0) {
    await handle.truncate(end.size)
    const head = end.torn.subarray(0, 200).toString('latin1')
    await log.append({ who: 'system', action: 'audit-torn', detail: { bytes: end.torn.length, head } })
  }
  return log
}

/** Reads a whole log and recomputes its chain. A missing file is an empty, whole log. Cutting off whole records at the end
 *  leaves a whole chain: compare `records` with a copy kept elsewhere. */
export async function verifyAudit(file: string): Promise<AuditVerdict> {
  let prev = START
  let records = 0
  let rest: Buffer = Buffer.alloc(0)
  try {
    for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
      let data = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
      for (let at = data.indexOf(NEWLINE); at >= 0; at = data.indexOf(NEWLINE)) {
        const checked = check(data.subarray(0, at).toString(), { n: records + 1, prev })
        if ('reason' in checked) return { ok: false, records, firstBroken: { record: records + 1, ...checked } }
        prev = checked.hash
        records++
        data = data.subarray(at + 1)
      }
      rest = data
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  return rest.length > 0 ? { ok: true, records, torn: rest.length } : { ok: true, records }
}

function check(line: string, { n, prev }: { n: number; prev: string }): { hash: string } | { reason: string } {
  const record = parseRecord(line)
  if (!record) return { reason: 'the line is not a record' }
  if (record.n !== n) return { reason: `it is numbered ${record.n}: records are missing, doubled or out of order` }
  if (record.prev !== prev) return { reason: 'it does not follow the record before it' }
  const { hash, ...content } = record
  if (seal(content) !== hash) return { reason: 'its content does not match its hash' }
  // JSON allows the same content to be written otherwise; only our own bytes are untouched ones.
  return JSON.stringify(record) === line ? { hash } : { reason: 'the line was rewritten' }
}

/** A line of the log, whether or not it fits into the chain; `undefined`: it is no record. */
export function parseRecord(line: string): AuditRecord | undefined {
  try {
    const record = JSON.parse(line)
    return typeof record?.n === 'number' && typeof record.hash === 'string' ? record : undefined
  } catch {
    return undefined
  }
}

function seal(content: Omit<AuditRecord, 'hash'>): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex')
}

interface End {
  readonly n: number
  readonly hash: string
  /** Bytes of whole lines. */
  readonly size: number
  readonly torn: Buffer
}

/** Reads backwards until the last whole line is in hand; an unreadable one is sealed as it stands. */
async function findEnd(handle: FileHandle): Promise<End> {
  const { size } = await handle.stat()
  for (let window = 64 * 1024; ; window *= 4) {
    const start = Math.max(0, size - window)
    const data = Buffer.alloc(size - start)
    await handle.read(data, 0, data.length, start)
    const last = data.lastIndexOf(NEWLINE)
    const torn = Buffer.from(data.subarray(last + 1))
    if (last < 0 && start === 0) return { n: 0, hash: START, size: 0, torn }
    const before = last > 0 ? data.lastIndexOf(NEWLINE, last - 1) : -1
    if (last < 0 || (before < 0 && start > 0)) continue
    const line = data.subarray(before + 1, last).toString()
    const record = parseRecord(line)
    const hash = record?.hash ?? createHash('sha256').update(line).digest('hex')
    return { n: record?.n ?? 0, hash, size: start + last + 1, torn }
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  await handle.sync().finally(() => handle.close())
}

interface Waiting {
  readonly entry: AuditEntry
  readonly at: string
  readonly done: (record: AuditRecord) => void
  readonly failed: (error: unknown) => void
}

/** Owns the file; appends that wait while one write is under way go to disk together. */
class AuditLog implements Audit {
  readonly #handle: FileHandle
  readonly #now: () => Instant
  #n: number
  #prev: string
  #size: number
  #dirty = false
  #waiting: Waiting[] = []
  #draining = false
  #drained: Promise<void> = Promise.resolve()

  constructor(handle: FileHandle, end: End, now: () => Instant) {
    this.#handle = handle
    this.#now = now
    this.#n = end.n
    this.#prev = end.hash
    this.#size = end.size
  }

  append(entry: AuditEntry): Promise<AuditRecord> {
    return new Promise((done, failed) => {
      this.#waiting.push({ entry, at: formatInstant(this.#now()), done, failed })
      if (!this.#draining) this.#drained = this.#drain()
    })
  }

  async close(): Promise<void> {
    await this.#drained
    await this.#handle.close()
  }

  async #drain(): Promise<void> {
    this.#draining = true
    while (this.#waiting.length > 0) {
      const batch = this.#waiting
      this.#waiting = []
      try {
        const records = await this.#write(batch)
        for (const [i, { done }] of batch.entries()) done(records[i]!)
      } catch (error) {
        for (const { failed } of batch) failed(error)
      }
    }
    // In the same breath as the last look at the queue: what is appended from now on starts its own round.
    this.#draining = false
  }

  async #write(batch: readonly Waiting[]): Promise<AuditRecord[]> {
    // A write that failed may have left half a line; nothing may be appended to that.
    if (this.#dirty) await this.#handle.truncate(this.#size)
    let prev = this.#prev
    const records = batch.map(({ entry, at }, i) => {
      const content = { n: this.#n + 1 + i, at, ...entry, prev }
      const record: AuditRecord = { ...content, hash: seal(content) }
      prev = record.hash
      return record
    })
    const bytes = Buffer.from(records.map((record) => `${JSON.stringify(record)}\n`).join(''))
    this.#dirty = true
    await this.#handle.appendFile(bytes)
    await this.#handle.datasync()
    this.#dirty = false
    this.#size += bytes.length
    this.#n += records.length
    this.#prev = prev
    return records
  }
}
