/** `davy verify`: whether the audit log's chain and the journal's checksums hold; names the first record that does not. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { openJournalReader } from '../../adapters/journal-sqlite/index.ts'
import { DavyError } from '../../model/errors.ts'
import { hasAccounts } from '../auth/accounts.ts'
import { type AuditVerdict, auditFile, verifyAudit } from '../auth/audit.ts'
import { progress } from '../progress.ts'

export async function verifyCommand({ data }: { readonly data: string }): Promise<void> {
  const audit = auditFile(data)
  const journal = join(data, 'journal.db')
  if (!existsSync(audit) && !existsSync(journal)) {
    throw new DavyError('data-missing', { message: 'there is neither an audit log nor a journal', where: data })
  }
  const { records } = existsSync(audit) ? await verifyChain(audit) : { records: 0 }
  // The first record is that of the first account: a log without any was taken away.
  if (records === 0 && process.exitCode === undefined && hasAccounts(data)) {
    process.stdout.write('audit log: record 1 is missing: there are accounts, and no word of who added them\n')
    process.exitCode = 1
  }
  if (existsSync(journal)) await verifyJournal(journal)
}

async function verifyChain(file: string): Promise<AuditVerdict> {
  const verdict = await verifyAudit(file)
  const { ok, records, firstBroken, torn } = verdict
  if (ok) {
    const tail = torn ? '; the last line was cut off while it was written and counts for nothing' : ''
    process.stdout.write(`audit log: ${records} records, the chain holds${tail}\n`)
    return verdict
  }
  process.stdout.write(`audit log: record ${firstBroken?.record} is broken: ${firstBroken?.reason}\n`)
  process.exitCode = 1
  return verdict
}

async function verifyJournal(file: string): Promise<void> {
  const journal = openJournalReader({ file })
  const report = progress('read', journal.last())
  let read = 0
  try {
    for await (const entries of journal.read(1)) {
      read += entries.length
      report.show(read)
    }
    report.done(read)
    process.stdout.write(`journal: ${read} entries, every checksum holds\n`)
  } catch (error) {
    if (!(error instanceof DavyError) || error.code !== 'journal-damaged') throw error
    process.stdout.write(`journal: ${error.message}\n`)
    process.exitCode = 1
  } finally {
    journal.close()
  }
}
