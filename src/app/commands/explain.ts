/** `davy explain`: the evidence of an alarm, judged again; or a bundle from another machine, checked without a network. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openJournalReader } from '../../adapters/journal-sqlite/index.ts'
import { readTold } from '../../adapters/store-sqlite/told.ts'
import { DavyError } from '../../model/errors.ts'
import { formatDuration } from '../../model/time.ts'
import { RULES } from '../../rules/index.ts'
import type { Bundle } from '../evidence/bundle.ts'
import { collect } from '../evidence/collect.ts'
import { readBundle } from '../evidence/read.ts'
import { rerun, type Verdict } from '../evidence/rerun.ts'
import { openConfigurations } from '../kept-configurations.ts'
import { progress } from '../progress.ts'

export interface ExplainFlags {
  readonly data?: string
  readonly bundle?: string
  readonly episode?: number
  readonly output?: string
}

export async function explainCommand(alarm: string | undefined, flags: ExplainFlags): Promise<void> {
  if ((alarm === undefined || flags.data === undefined) === (flags.bundle === undefined)) {
    process.stderr.write('davy: explain needs either ALARM and --data DIR, or --bundle FILE\n')
    process.exitCode = 2
    return
  }
  const bundle = flags.bundle === undefined ? await collected(alarm!, flags) : read(flags.bundle)
  if (flags.output !== undefined) write(flags.output, bundle)
  const verdict = await rerun(bundle, { rules: RULES })
  process.stdout.write(inWords(bundle, verdict))
  if (verdict.problems.length > 0) process.exitCode = 1
}

async function collected(alarm: string, { data, episode }: ExplainFlags): Promise<Bundle> {
  const journal = openJournalReader({ file: join(data!, 'journal.db') })
  const report = progress('read', journal.last())
  try {
    return await collect({
      journal,
      data: data!,
      rules: RULES,
      configurationOf: openConfigurations({ data: data!, rules: RULES }).load,
      alarm,
      episode,
      told: readTold({ file: join(data!, 'store.db'), alarm }),
      onProgress: (done) => report.show(done),
    })
  } finally {
    report.done(journal.last())
    journal.close()
  }
}

function write(file: string, bundle: Bundle): void {
  try {
    writeFileSync(file, `${JSON.stringify(bundle)}\n`)
  } catch (cause) {
    const message = `cannot be written: ${(cause as Error).message}`
    throw new DavyError('output-unwritable', {
      message,
      where: file,
      remedy: 'name a file in a folder that is there',
      cause,
    })
  }
}

function read(file: string): Bundle {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    throw new DavyError('bundle-unreadable', {
      message: (cause as Error).message,
      where: file,
      remedy: 'name a file that `davy explain … --output FILE` wrote',
      cause,
    })
  }
  return readBundle(text, file)
}

/** For people: what, why by which clause, on what, and whether it holds. */
function inWords(bundle: Bundle, { sealed, configured, reproduced, problems }: Verdict): string {
  const { rule, decision, transitions, readings } = bundle
  const yes = (holds: boolean) => (holds ? 'yes' : 'NO')
  const lines = [
    `Alarm       ${bundle.alarm}, episode ${bundle.episode}`,
    `Decision    ${decision.en}`,
    `            ${decision.zh}`,
    `Rule        ${rule.id} (${rule.rule}), version ${rule.version.slice(0, 12)}${rule.clause ? `, clause ${rule.regulation.id}/${rule.clause}` : ''}`,
    `            ${rule.regulation.title.zh} / ${rule.regulation.title.en}`,
    `            raise after ${formatDuration(rule.raiseAfter)}, clear after ${formatDuration(rule.clearAfter)}, ${JSON.stringify(rule.params)}`,
    'Life',
    ...transitions.map(
      (t) =>
        `  ${t.at}  ${t.cause.padEnd(13)} ${t.from} → ${t.to}  ${t.severity}${t.value === undefined ? '' : `  ${t.value}${t.limit === undefined ? '' : ` / ${t.limit}`}`}${t.by ? `  by ${t.by}` : ''}`,
    ),
    'Readings it rests on (measured, arrived)',
    ...readings.map(
      (r) =>
        `  #${r.offset}  ${r.ts}  ${r.received}  ${r.point} = ${JSON.stringify(r.value)} ${r.quality}${r.ref ? ` ref ${r.ref}` : ''}`,
    ),
    `Entries     ${bundle.entries.length} of the journal${bundle.cut ? ', cut: the episode is longer' : ''}; audit records ${bundle.audit.records.length}`,
    `Sealed      ${yes(sealed)}  ${bundle.seal}`,
    `Configured  ${yes(configured)}  ${bundle.configurations.map(({ hash }) => hash.slice(0, 12)).join(', ')}`,
    `Reproduced  ${yes(reproduced)}${reproduced ? ', byte for byte' : ''}`,
    ...problems.map((problem) => `  ${problem}`),
  ]
  return `${lines.join('\n')}\n`
}
