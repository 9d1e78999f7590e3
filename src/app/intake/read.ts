/** A stream of text as batches of entries: what `davy replay --input` reads, in its own thread or ahead in another. */
import type { NewEntry } from '../../model/entry.ts'
import { DavyError } from '../../model/errors.ts'
import type { Instant } from '../../model/time.ts'
import type { Intake, Refused } from './intake.ts'

/** What one chunk of the input became. */
export interface Taken {
  readonly entries: readonly NewEntry[]
  /** Lines not taken, in order. */
  readonly refused: readonly Refused[]
  /** The line of each command among the entries, in order: the fold may refuse it yet. */
  readonly commands: readonly number[]
  /** Lines read since the beginning. */
  readonly lines: number
  /** The arrival clock after the first line, and after the last. */
  readonly from: Instant
  readonly until: Instant
}

export interface InputOptions {
  readonly intake: Intake
  /** What people know the input by. */
  readonly name: string
}

/** Characters a line. */
const LONGEST_LINE = 1024 * 1024

/** Throws `line-too-long`, `input-unreadable`. A byte order mark is skipped. */
export async function* readInput(
  stream: AsyncIterable<unknown>,
  { intake, name }: InputOptions,
): AsyncGenerator<Taken, void, void> {
  const decoder = new TextDecoder('utf-8')
  let rest = ''
  try {
    for await (const chunk of stream) {
      const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n')
      rest = lines.pop()!
      yield takeIn(lines, intake)
      if (rest.length > LONGEST_LINE) {
        throw new DavyError('line-too-long', {
          message: `a line is longer than ${LONGEST_LINE} characters`,
          where: `${name}:${intake.count() + 1}`,
        })
      }
    }
  } catch (error) {
    if (error instanceof DavyError) throw error
    const { code, message } = error as NodeJS.ErrnoException
    throw new DavyError('input-unreadable', {
      message: code === 'ENOENT' ? 'there is no such file' : message,
      where: name,
      cause: error,
    })
  }
  rest += decoder.decode()
  if (rest !== '') yield takeIn([rest], intake)
}

function takeIn(lines: readonly string[], intake: Intake): Taken {
  const entries: NewEntry[] = []
  const refused: Refused[] = []
  const commands: number[] = []
  let from: Instant | undefined
  for (const line of lines) {
    const before = entries.length
    const flaw = intake.line(line, entries)
    if (flaw) refused.push(flaw)
    else if (entries.length > before && entries[before]!.type === 'command') commands.push(intake.count())
    from ??= intake.now()
  }
  const until = intake.now()
  return { entries, refused, commands, lines: intake.count(), from: from ?? until, until }
}
