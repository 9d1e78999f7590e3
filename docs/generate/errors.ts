/** The reference of errors: what is refused, what the API answers, why the program stops, and what to do each time. */
import type { RefusedCode } from '../../src/alerts/commands.ts'
import { PROBLEMS, type ProblemCode } from '../../src/app/api/problems.ts'
import { PROBLEMS_ZH } from '../../src/app/api/problems-zh.ts'
import { REFUSALS } from '../../src/model/errors.ts'
import { cell } from './table.ts'

/** Every code of a `DavyError` under `src`, by code: what has happened, and what to do. A test compares this with the sources. */
export const FAILURES = {
  aborted: ['whoever asked for work over the journal no longer waits for it', 'ask again'],
  'alarm-unknown': ['the journal gives no such alarm', 'copy its id from the page or `GET /api/v1/alarms`'],
  'broker-unreachable': ['the broker of the service to play to does not answer', 'start the service, or give `--mqtt`'],
  'bundle-unreadable': ['the file is no evidence bundle', 'name a file that `davy explain … --output FILE` wrote'],
  busy: [
    'as much work over the journal as may be is being done, or more readings wait for it than may',
    'try again after a while',
  ],
  'config-broken': ['the configuration has errors; each is listed with its place', 'mend what `davy check` lists'],
  'config-changed': ['the configuration was changed while a replay was loading it', 'start the replay again'],
  'configuration-lost': [
    'a configuration that was in force was not kept, so what it judged cannot be judged again',
    'copy its folder into `configurations/` of the data folder',
  ],
  'cursor-unreadable': ['the cursor was not given out by this list', 'start again without one'],
  'data-damaged': [
    'a file of the data folder is damaged',
    'restore it from a backup; the message says what can be rebuilt',
  ],
  'data-foreign': ['a file is not of the kind it should be', 'point `--data` at the folder Davylamp wrote'],
  'data-in-use': ['another process has the data folder open', 'stop that process, or use another `--data` folder'],
  'data-missing': ['there is no data at that place', 'check `--data`'],
  'data-newer': [
    'the data was written by a newer Davylamp',
    'start that version, or restore a backup made by this one',
  ],
  'data-unusable': [
    'the data folder cannot be made or written: the disk is full, read-only, or not ours',
    'free space on the disk, or name a folder that the service may make and write',
  ],
  'forward-down': [
    'what was set aside cannot be sent up again: the peer above cannot be reached, or the way up is there no more',
    'see the link of the way up, and replay the dead letter when it is up',
  ],
  'history-behind': [
    'the disk writes history slower than readings come in',
    'nothing to do: it is fed again from the journal; if it stays so, give it a faster disk',
  ],
  'history-write': [
    'the history could not be written',
    'free space on the disk; what is missing is written again from the journal',
  ],
  'input-unreadable': ['the input of a replay cannot be read', 'check the path given to `--input`'],
  'journal-closed': ['the service is stopping', 'send again once it runs'],
  'journal-damaged': [
    'entries of the journal are damaged; the message says which',
    'restore `journal.db` from a backup',
  ],
  'journal-entry': ['an entry cannot be put into the journal', 'report it with the message: it should not happen'],
  'journal-failed': [
    'the journal could not be written a moment ago, so the service takes nothing more and ends',
    'see `journal-write`; what was not acknowledged the sources send again after the restart',
  ],
  'journal-write': [
    'the journal could not be written, so nothing more is acknowledged and the service ends (exit code 70)',
    'free space on the disk, or mend it; nothing refused was acknowledged',
  ],
  'line-too-long': ['a line of the input is too long to be a reading', 'one reading or command a line'],
  'listen-failed': [
    'the address asked for cannot be listened on: it is in use, or not of this machine',
    'stop what listens there, or choose another port or address',
  ],
  'mqtt-already-open': ['the broker was opened twice', 'report it: it should not happen'],
  'mqtt-broker-closed': [
    'the embedded broker is not running',
    "see the service's log for why; it is started again by itself",
  ],
  'mqtt-open-listener': [
    'the broker would listen beyond this machine without users, or without TLS',
    'give `mqtt.users` and `mqtt.tls`, or listen on 127.0.0.1, or say `insecure: true` where that network is trusted',
  ],
  'mqtt-tls-unreadable': [
    'the certificates of the broker cannot be read, or do not go together',
    'give a PEM certificate, the key that belongs to it, and files the service may read',
  ],
  'password-missing': ['no password came on standard input', 'pipe one in: `davy hash-password < file`'],
  'password-short': [
    'a password has fewer than 8 characters: `DAVY_PASSWORD`, or one to be hashed',
    'choose a longer one; without `DAVY_PASSWORD` one is drawn and shown once',
  ],
  'password-unreadable': [
    'a file that holds a password cannot be read',
    'name a file that holds the password and that the service may read',
  ],
  'scenario-misfit': [
    'the configuration lacks points or people that the scenario plays',
    'play it against the example configuration',
  ],
  'scenario-unknown': ['there is no scenario of that name', '`davy simulate` without a name lists them'],
  'series-too-long': ['the series asked for has too many buckets', 'ask for a wider `every` or a shorter range'],
  'no-cases': ['there are no case files', 'write some beside the rules: [cases](../cases.md)'],
  'nothing-found': [
    'what was looked at to discover a site offers nothing of it',
    'name another folder, or say with `--dialect` and `--mine` what lies there',
  ],
  'output-unwritable': ['a file could not be written', 'name another `--output`; what is there is not written over'],
  'settings-invalid': [
    'the settings of a source or a way up contradict each other, or name a file that cannot be read',
    'mend the place the message names',
  ],
  'sheet-too-large': ['a list of hazards has too many rows, or unpacks to too much', 'split it'],
  'sheet-unreadable': [
    'a list of hazards is neither CSV nor XLSX',
    'send one as `GET /api/v1/hazards/export` writes it',
  ],
  'source-lost': [
    "a source's peer is gone or never came",
    'see whether the peer runs; the source is opened again by itself, ever more slowly',
  ],
  'storage-lost': ['a storage thread has stopped', 'restart Davylamp; what was acknowledged is on disk'],
  usage: ['the command line cannot be understood', 'see `--help`'],
} as const satisfies Readonly<Record<string, readonly [string, string]>>

/** No command gets these: they tell a condition that there is nothing to raise or to clear. */
type OfConditions = 'already-active' | 'not-active'

/** Why the alarm desk refuses a command, by code. */
export const COMMAND_REFUSALS = {
  'alarm-unknown': 'no such alarm has ever been raised',
  'already-acked': 'it has been acknowledged already',
  'already-in-service': 'it is in service already',
  'already-out-of-service': 'it is out of service already',
  'already-shelved': 'it is shelved already',
  'area-unknown': 'the site has no such area',
  'assignee-missing': 'nobody is named to assign it to',
  'attachment-missing': 'no file is named to attach',
  'comment-empty': 'the comment is empty',
  'desk-unknown': 'there is no such duty desk',
  'handover-same': 'a desk is handed over from one person to another',
  'not-acked': 'it has not been acknowledged yet',
  'not-shelved': 'it is not shelved',
  'nothing-to-ack': 'it is not in alarm',
  'nothing-to-confirm': 'it does not wait for confirmation',
  'nothing-to-reset': 'it is not latched',
  'point-unknown': 'the site has no such point',
  'shelf-too-long': 'nothing is shelved for more than 24 h',
  'site-unknown': 'no such site is configured',
  'still-active': 'its condition has not ended',
  'until-past': 'the end asked for has passed already',
  'window-placeless': 'a window is for `points` or for an `area`',
  'window-too-long': 'a window lasts 24 h at most',
  'windows-full': 'as many windows as may be are declared already',
  'witness-same': 'it needs a witness who is not the one who does it',
} as const satisfies Readonly<Record<Exclude<RefusedCode, OfConditions>, string>>

/** `errors.md`. */
export function errorsReference(): Readonly<Record<string, string>> {
  const parts = [
    '# Errors',
    'Every error has a stable code in the middle of its message or in `code`, says where it arose, and what to do.',
    '## Refused readings and messages',
    'What a source sends and the door does not take is kept whole as a dead letter under its code, counted in `davy_refused_total`, listed by `GET /api/v1/dead-letters`, and can be replayed once the cause is mended. In `davy replay` it is a line on standard error.',
    '| code | what | 含义 | remedy | 处理 |\n|---|---|---|---|---|',
    '## Problems of the API',
    'RFC 9457 documents, `application/problem+json`: `status`, `code`, `title`, `detail`, `remedy`, and `errors` where there are several. In Chinese where `Accept-Language` prefers `zh`.',
    '| code | status | what | 含义 | remedy | 处理 |\n|---|---|---|---|---|---|',
    '## Refused commands',
    'A command that changes nothing is answered with status 409 (404 where there is no such alarm); it stands in the journal all the same.',
    '| code | why |\n|---|---|',
    '## Failures of the program',
    'Printed on standard error with the code in brackets, or in the log.',
    '| code | what | remedy |\n|---|---|---|',
  ]
  const rows: readonly (readonly string[])[] = [
    Object.entries(REFUSALS).map(([code, { what, remedy }]) => row([what.en, what.zh, remedy.en, remedy.zh], code)),
    Object.entries(PROBLEMS).map(([code, [status, what, remedy]]) => {
      const [whatZh, remedyZh] = PROBLEMS_ZH[code as ProblemCode]
      return row([String(status), what, whatZh, remedy, remedyZh], code)
    }),
    Object.entries(COMMAND_REFUSALS).map(([code, why]) => row([why], code)),
    Object.entries(FAILURES).map(([code, told]) => row(told, code)),
  ]
  let table = 0
  const whole = parts.map((part) => (part.startsWith('| code') ? [part, ...rows[table++]!].join('\n') : part))
  return { 'errors.md': `${whole.join('\n\n')}\n` }
}

function row(told: readonly string[], code: string): string {
  return `| ${[`\`${code}\``, ...told.map(cell)].join(' | ')} |`
}
