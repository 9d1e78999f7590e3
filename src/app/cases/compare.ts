/** Holds what happened against what a case expects, and says in a readable way where they part. */
import { CAUSES, type Transition } from '../../model/alarm.ts'
import type { Instant } from '../../model/time.ts'
import { formatOffset, parseOffset } from './offsets.ts'
import type { Expected } from './schema.ts'

/** The cause an expectation names, with its key; `undefined` where it names none or several. */
export function causeOf(expected: Expected): { cause: string; key: string } | undefined {
  const named = CAUSES.filter((cause) => expected[cause] !== undefined)
  const [cause] = named
  return cause !== undefined && named.length === 1 ? { cause, key: expected[cause] as string } : undefined
}

/** Whether a transition is what was expected, in every field that was given. */
export function fits(found: Transition, { expected, start }: { expected: Expected; start: Instant }): boolean {
  const named = causeOf(expected)
  if (named && (found.cause !== named.cause || found.key !== named.key)) return false
  for (const key of ['at', 'since', 'received'] as const) {
    const offset = expected[key]
    if (offset !== undefined && found[key] !== start + parseOffset(offset)!) return false
  }
  for (const key of ['severity', 'value', 'limit', 'from', 'to', 'episode', 'clause', 'by'] as const) {
    if (expected[key] !== undefined && expected[key] !== found[key]) return false
  }
  for (const key of ['held', 'group', 'desk', 'level'] as const) {
    if (expected[key] !== undefined && expected[key] !== (found[key] ?? 'no')) return false
  }
  if (expected.hush !== undefined && expected.hush !== (found.hush?.kind ?? 'no')) return false
  for (const key of ['chattering', 'first', 'quiet'] as const) {
    if (expected[key] !== undefined && expected[key] !== (found[key] ?? false)) return false
  }
  if (expected.rule !== undefined && expected.rule !== found.instance && expected.rule !== found.rule) return false
  const { text } = expected
  return text === undefined || found.text.zh.includes(text) || found.text.en.includes(text)
}

type Line = { readonly mark: '  ' | '- ' | '+ '; readonly at: number; readonly text: string }

/** A diff, `-` expected and `+` found, with times as offsets; `undefined` where they agree. Within one instant any order will do. */
export function compare(
  found: readonly Transition[],
  { expected, start }: { expected: readonly Expected[]; start: Instant },
): string | undefined {
  const got = [...found].sort((a, b) => a.at - b.at)
  const left = [...expected]
  const lines: Line[] = []
  let last = { position: -1, at: Number.NEGATIVE_INFINITY }
  let ordered = true
  for (const transition of got) {
    const index = left.findIndex((one) => fits(transition, { expected: one, start }))
    const mark = index < 0 ? '+ ' : '  '
    if (index >= 0) {
      const position = expected.indexOf(left[index]!)
      if (position < last.position && transition.at > last.at) ordered = false
      if (position > last.position) last = { position, at: transition.at }
      left.splice(index, 1)
    }
    lines.push({ mark, at: transition.at, text: describeFound(transition, start) })
  }
  for (const one of left) lines.push({ mark: '- ', at: timeOf(one, start), text: describeExpected(one) })
  if (ordered && lines.every(({ mark }) => mark === '  ')) return undefined
  const rank = (mark: Line['mark']) => (mark === '- ' ? 0 : 1)
  const sorted = lines.sort((a, b) => a.at - b.at || rank(a.mark) - rank(b.mark))
  const diff = shorten(sorted.map(({ mark, text }) => mark + text)).join('\n')
  return ordered ? diff : `${diff}\n(all of it, but in another order)`
}

/** Unexpected transitions shown, of a case that forgot to say what it is about. */
const SHOWN = 20

function shorten(lines: readonly string[]): readonly string[] {
  let unexpected = 0
  const shown = lines.filter((line) => !line.startsWith('+ ') || ++unexpected <= SHOWN)
  const more = lines.length - shown.length
  return more > 0 ? [...shown, `+ … and ${more} more; \`about:\` names the rules or keys to compare`] : shown
}

function timeOf({ at }: Expected, start: Instant): Instant {
  return at === undefined ? Number.NEGATIVE_INFINITY : start + parseOffset(at)!
}

export function describeFound(t: Transition, start: Instant): string {
  const marks = [
    t.held,
    t.hush?.kind,
    t.chattering && 'chattering',
    t.first && 'first',
    t.group && `in ${t.group}`,
    t.desk && `desk ${t.desk}`,
  ]
  const numbers = [
    ...marks.map((mark) => mark || ''),
    t.value === undefined ? '' : `value ${t.value}`,
    t.limit === undefined ? '' : `limit ${t.limit}`,
    `${t.from} → ${t.to}`,
    `rule ${t.instance}`,
    `judged ${formatOffset(t.received - start)}`,
  ]
  const head = `${formatOffset(t.at - start).padEnd(8)} ${t.cause.padEnd(12)} ${t.key}`
  return `${head}  ${[t.severity, ...numbers].filter(Boolean).join(', ')}: ${t.text.en}`
}

export function describeExpected(expected: Expected): string {
  const named = causeOf(expected)
  const rest = Object.entries(expected).filter(([key]) => key !== 'at' && key !== named?.cause)
  const head = `${(expected.at ?? '(any)').padEnd(8)} ${(named?.cause ?? '(any)').padEnd(12)} ${named?.key ?? '(any)'}`
  return `${head}  ${rest.map(([key, value]) => `${key} ${value}`).join(', ')}`.trimEnd()
}
