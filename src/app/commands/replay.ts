/** `davy replay`: files or a journal through the fold, transitions as JSON Lines. */
import { createReadStream, createWriteStream, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openJournalReader } from '../../adapters/journal-sqlite/index.ts'
import type { Transition } from '../../model/alarm.ts'
import { DavyError } from '../../model/errors.ts'
import type { HazardStep } from '../../model/hazard.ts'
import { formatInstant, type Instant, parseInstant } from '../../model/time.ts'
import { RULES } from '../../rules/index.ts'
import { hazardBody } from '../api/hazard-views.ts'
import { loadConfiguration } from '../configuration.ts'
import { createFold, type Fold } from '../fold.ts'
import { readAhead } from '../intake/ahead.ts'
import { createIntake } from '../intake/intake.ts'
import { readInput, type Taken } from '../intake/read.ts'
import { progress } from '../progress.ts'
import { createReplay } from '../replay.ts'
import { createTrace } from '../trace/trace.ts'
import { serialiseTransition, zoneOf } from '../wire.ts'
import { replayDiff } from './replay-diff.ts'

export interface ReplayFlags {
  readonly config: string
  readonly input?: string
  readonly data?: string
  readonly until?: string
  readonly from?: string
  readonly to?: string
  readonly output?: string
  /** `RULE` or `RULE:KEY`: what it saw and said goes to standard error. */
  readonly trace?: string
  /** The ledger's steps instead of transitions. */
  readonly hazards?: boolean
  /** Against what was raised, instead of transitions. */
  readonly diff?: boolean
  readonly json?: boolean
}

/** Flags that say nothing of the other kind of input: taken silently, they would pass for obeyed. */
const OF_INPUT = ['until'] as const
const OF_DATA = ['from', 'to', 'diff'] as const

function misuse(flags: ReplayFlags): string | undefined {
  const { input, data } = flags
  if ((input === undefined) === (data === undefined)) return 'replay needs either --input FILE or --data DIR'
  const [kind, others] = input === undefined ? ['--data', OF_INPUT] : ['--input', OF_DATA]
  const foreign = others.find((name) => flags[name] !== undefined)
  return foreign && `--${foreign} says nothing with ${kind}`
}

export async function replayCommand(flags: ReplayFlags): Promise<void> {
  const misused = misuse(flags)
  if (misused !== undefined) {
    process.stderr.write(`davy: ${misused}\n`)
    process.exitCode = 2
    return
  }
  const times = {
    until: instant('--until', flags.until),
    from: instant('--from', flags.from),
    to: instant('--to', flags.to),
  }
  const { installation } = await loadConfiguration(flags.config, { warn: () => {}, secrets: false })
  if (flags.diff) return await diff(flags, { ...times, installation })
  const sink = flags.output === undefined || flags.output === '-' ? process.stdout : createWriteStream(flags.output)
  let waiting: Promise<void> | undefined
  const write = (lines: readonly object[]) => {
    if (lines.length === 0) return
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
    if (!sink.write(text)) waiting = new Promise((resolve) => sink.once('drain', resolve))
  }
  const print = flags.hazards
    ? () => {}
    : (transitions: readonly Transition[]) => write(transitions.map((t) => serialiseTransition(t, installation)))
  const step = ({ hazard, at, received, offset: _, ...said }: HazardStep) => {
    const zone = zoneOf(hazard.site, installation)
    const times = { at: formatInstant(at, zone), received: formatInstant(received, zone) }
    return { ...said, ...times, hazard: hazardBody(hazard, installation) }
  }
  const steps = flags.hazards ? (given: readonly HazardStep[]) => write(given.map(step)) : undefined
  const room = async () => {
    await waiting
    waiting = undefined
  }
  sink.on('error', (error: NodeJS.ErrnoException) => {
    // The reader of a pipe may leave early: that is its business.
    if (error.code === 'EPIPE') process.exit(0)
    process.stderr.write(`davy: ${flags.output ?? 'standard output'}: cannot be written: ${error.message}\n`)
    process.exit(1)
  })
  const say = (line: string) => void process.stderr.write(`${line}\n`)
  const trace =
    flags.trace === undefined ? undefined : createTrace({ installation, rules: RULES, spec: flags.trace, write: say })
  const watch = (fold: Fold) => withSteps(trace?.watch(fold) ?? fold, steps)
  const context = { installation, print, room, times, watch, rules: trace?.rules ?? RULES }
  if (flags.input !== undefined) await replayInput({ input: flags.input, config: flags.config }, context)
  else await replayJournal(flags.data!, context)
  trace?.end()
  if (sink !== process.stdout) await new Promise<void>((resolve) => sink.end(resolve))
}

/** A fold that also hands on what happened to hazards. */
function withSteps(fold: Fold, steps: ((given: readonly HazardStep[]) => void) | undefined): Fold {
  if (!steps) return fold
  return {
    ...fold,
    apply(entry, into) {
      const applied = fold.apply(entry, into)
      if (applied?.hazards) steps(applied.hazards)
      return applied
    },
  }
}

async function diff(
  { data, output, json }: ReplayFlags,
  { installation, from, to }: Pick<Context, 'installation'> & Context['times'],
): Promise<void> {
  const text = await replayDiff({ data: data!, installation, from, to, json })
  if (output === undefined || output === '-') process.stdout.write(text)
  else writeFileSync(output, text)
}

interface Context {
  readonly installation: Parameters<typeof createReplay>[0]['installation']
  readonly print: (transitions: readonly Transition[]) => void
  readonly room: () => Promise<void>
  readonly watch: (fold: Fold) => Fold
  readonly rules: typeof RULES
  readonly times: {
    readonly until: Instant | undefined
    readonly from: Instant | undefined
    readonly to: Instant | undefined
  }
}

/** A file larger than this is read ahead in a thread: for a smaller one, starting that would take longer than reading. */
const LARGE = 16 * 1024 * 1024

async function replayInput(
  { input, config }: { readonly input: string; readonly config: string },
  { installation, print, room, times, watch, rules }: Context,
): Promise<void> {
  const replay = createReplay({ installation, rules, watch })
  const name = input === '-' ? 'standard input' : input
  const transitions: Transition[] = []
  const report = progress('replayed')
  let lines = 0
  for await (const taken of read({ input, config, name, installation })) {
    const refused = [...taken.refused]
    const commands = taken.commands.values()
    replay.until(taken.from, transitions, false)
    for (const entry of taken.entries) {
      const reason = replay.enter(entry, transitions)
      const line = entry.type === 'command' ? commands.next().value! : 0
      if (reason !== undefined) refused.push({ line, reason, malformed: false })
    }
    replay.until(taken.until, transitions, false)
    for (const { line, reason, malformed } of refused.sort((a, b) => a.line - b.line)) {
      process.stderr.write(`${name}:${line}: ${reason}\n`)
      if (malformed) process.exitCode = 1
    }
    lines = taken.lines
    print(transitions)
    transitions.length = 0
    await room()
    report.show(lines)
  }
  // All that arrived in the last line's instant is in: what falls due at it is judged, as a running service would.
  replay.until(Math.max(times.until ?? 0, replay.now()), transitions)
  print(transitions)
  report.done(lines)
}

function read({
  input,
  config,
  name,
  installation,
}: Pick<Context, 'installation'> & Readonly<Record<'input' | 'config' | 'name', string>>): AsyncIterable<Taken> {
  if (input !== '-' && sizeOf(input) > LARGE) {
    return readAhead({ file: input, config, installation })
  }
  const stream = input === '-' ? process.stdin : createReadStream(input, { highWaterMark: 1 << 20 })
  return readInput(stream, { intake: createIntake(installation), name })
}

/** Why something cannot be looked at is said by whoever opens it. */
function sizeOf(file: string): number {
  try {
    return statSync(file).size
  } catch {
    return 0
  }
}

async function replayJournal(data: string, { installation, print, room, times, watch, rules }: Context): Promise<void> {
  const journal = openJournalReader({ file: join(data, 'journal.db') })
  const fold = watch(createFold({ installation, rules }))
  const report = progress('replayed', journal.last())
  let done = 0
  reading: for await (const entries of journal.read(1)) {
    const transitions: Transition[] = []
    for (const entry of entries) {
      if (times.to !== undefined && entry.at > times.to) {
        print(since(transitions, times.from))
        break reading
      }
      fold.apply(entry, transitions)
    }
    done += entries.length
    print(since(transitions, times.from))
    await room()
    report.show(done)
  }
  report.done(done)
  await journal.close()
}

function since(transitions: readonly Transition[], from: Instant | undefined): readonly Transition[] {
  return from === undefined ? transitions : transitions.filter(({ received }) => received >= from)
}

function instant(flag: string, text: string | undefined): Instant | undefined {
  if (text === undefined) return undefined
  const at = parseInstant(/^\d+$/.test(text) ? Number(text) : text)
  if (at === undefined) {
    throw new DavyError('usage', {
      message: `${flag}: not an instant: ${text}`,
      remedy: 'ISO 8601 with an offset, e.g. 2026-05-01T08:00:00+08:00',
    })
  }
  return at
}
