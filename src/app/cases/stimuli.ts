/** Turns the input of a case into readings and commands, in the order of their arrival. */
import { ALARM_COMMANDS, LINK_STATES, type LinkCommand, WINDOW_COMMANDS } from '../../model/command.ts'
import type { Installation, Site } from '../../model/site.ts'
import type { Instant } from '../../model/time.ts'
import { expandNames, parseOffset, parseSpan } from './offsets.ts'
import { type CaseInput, PERMIT_TIMES } from './schema.ts'

/** A line as a replay would take it, and when. */
export interface Stimulus {
  readonly at: Instant
  readonly line: Readonly<Record<string, unknown>>
}

interface Context {
  readonly installation: Installation
  readonly site: Site
  readonly start: Instant
}

/** Throws an `Error` in words where an input says too little or too much. */
export function stimuli(inputs: readonly CaseInput[], context: Context): readonly Stimulus[] {
  const all = inputs.flatMap((input) => steps(input, context))
  return all.sort((a, b) => a.at - b.at)
}

function steps(input: CaseInput, context: Context): Stimulus[] {
  const [from, to] = parseSpan(input.at)!
  const every = input.every === undefined ? 1 : parseOffset(input.every)!
  if (every <= 0) throw new Error('`every` must be more than 0s')
  const found: Stimulus[] = []
  for (let offset = from, step = 0; offset <= to; offset += every, step++) {
    const at = context.start + offset
    for (const line of lines(input, { ...context, at, step })) found.push({ at, line })
    if (from === to) break
  }
  return found
}

interface Step extends Context {
  readonly at: Instant
  readonly step: number
}

function lines(input: CaseInput, step: Step): Stimulus['line'][] {
  const command = ALARM_COMMANDS.find((name) => input[name] !== undefined)
  const window = WINDOW_COMMANDS.find((name) => input[name] !== undefined)
  const { point: measured, reader, gate, permit, link, handover } = input
  const kinds = [measured, reader, gate, permit, link, handover, window, command].filter((kind) => kind !== undefined)
  if (kinds.length !== 1) {
    throw new Error(
      'needs exactly one of `point`, `reader`, `gate`, `permit`, `link`, `handover`, a window and a command',
    )
  }
  if (command) return [commandLine(command, input, step)]
  if (window) return [windowLine(window, input, step)]
  if (input.handover !== undefined) return [handoverLine(input, step)]
  if (input.permit !== undefined) return [permitLine(input, step)]
  if (input.link !== undefined) return [linkLine(input, step)]
  const point = input.point ?? input.reader ?? input.gate!
  const { at } = step
  const ts = at - (parseOffset(input.lag ?? '0s') ?? 0) + (parseOffset(input.ahead ?? '0s') ?? 0)
  const { quality, status, ref } = input
  const common = {
    site: step.site.id,
    point,
    ts,
    received: at,
    ...(quality !== undefined && { quality }),
    ...(status !== undefined && { status }),
    ...(ref !== undefined && { ref }),
  }
  return valuesOf(input, step).map((value) => ({ ...common, value }))
}

function valuesOf(input: CaseInput, { step }: Step): readonly unknown[] {
  const { cards, persons, direction } = input
  if (input.reader !== undefined) {
    if (cards === undefined) throw new Error('`reader` needs `cards`')
    const seen = pick(input, ['distance', 'moving', 'gone', 'sos'])
    return expandNames(cards).map((card) => ({ card, ...seen }))
  }
  if (input.gate !== undefined) {
    if (direction === undefined) throw new Error('`gate` needs `direction: in` or `direction: out`')
    const people = persons === undefined ? [undefined] : expandNames(persons)
    const shown = cards === undefined ? [undefined] : expandNames(cards)
    if (people.length > 1 && shown.length > 1)
      throw new Error('several persons and several cards at one gate: write a line each')
    return people.flatMap((person) =>
      shown.map((card) => ({
        direction,
        ...(person !== undefined && { person }),
        ...(card !== undefined && { card }),
      })),
    )
  }
  if ((input.value === undefined) === (input.values === undefined)) {
    throw new Error('`point` needs exactly one of `value` and `values`')
  }
  return [input.values ? input.values[Math.min(step, input.values.length - 1)] : input.value]
}

function pick(input: CaseInput, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.filter((name) => input[name] !== undefined).map((name) => [name, input[name]]))
}

function commandLine(command: string, input: CaseInput, { installation, site, at }: Step): Stimulus['line'] {
  const key = input[command] as string
  const [only, second] = installation.rules
  const rule = input.rule ?? (second ? undefined : only?.id)
  const full = installation.rules.some(({ id }) => key.startsWith(`${site.id}/${id}/`))
  if (!full && rule === undefined) throw new Error(`\`${command}\` needs \`rule\`, or the whole alarm: site/rule/key`)
  const until = input.for === undefined ? {} : { for: parseOffset(input.for)! }
  return {
    command,
    alarm: full ? key : `${site.id}/${rule}/${key}`,
    ts: at,
    by: input.by ?? 'dispatcher',
    ...pick(input, ['reason', 'once', 'witness', 'text', 'to']),
    ...until,
  }
}

function linkLine(input: CaseInput, { site, at }: Step): Stimulus['line'] {
  const { link: source, state, reason } = input
  if (!LINK_STATES.includes(state as LinkCommand['state'])) {
    throw new Error(`\`link\` needs \`state:\` ${LINK_STATES.join(', ')}`)
  }
  return {
    command: 'link',
    site: site.id,
    source,
    state,
    ts: at,
    by: 'system',
    ...(reason !== undefined && { reason }),
  }
}

function windowLine(command: string, input: CaseInput, { site, at }: Step): Stimulus['line'] {
  const { points, from } = input
  const begin = at + (from === undefined ? 0 : parseOffset(from)!)
  return {
    command,
    window: input[command],
    site: site.id,
    ...(points !== undefined && { points: expandNames(points) }),
    from: begin,
    until: begin + parseOffset(input.for ?? '1h')!,
    ts: at,
    by: input.by ?? 'technician',
    ...pick(input, ['area', 'witness', 'reason']),
  }
}

function handoverLine(input: CaseInput, { at }: Step): Stimulus['line'] {
  const { handover, by, text = '' } = input
  return {
    command: 'handover',
    desk: handover,
    text,
    ts: at,
    by: by ?? 'dispatcher',
    ...pick(input, ['outgoing', 'incoming']),
  }
}

function permitLine(input: CaseInput, { site, start, at }: Step): Stimulus['line'] {
  const times = PERMIT_TIMES.flatMap((name) => {
    const text = input[name]
    if (text === undefined) return []
    const offset = parseOffset(text.replace(/^-/, ''))!
    return [[name, start + (text.startsWith('-') ? -offset : offset)]]
  })
  return {
    command: 'permit',
    site: site.id,
    ts: at,
    by: input.by ?? 'safety-officer',
    ...pick(input, ['permit', 'area', 'machine', 'person', 'limit', 'grade', 'state']),
    ...Object.fromEntries(times),
  }
}
