/** What a schema cannot say of `levels:`: each has one bound, a name of its own, and clears on the safe side. */
import type { Finding } from './conform.ts'

interface Level {
  readonly name?: unknown
  readonly high?: unknown
  readonly low?: unknown
  readonly clear?: unknown
}

/** Findings relative to the rule item; none where it has no levels, and of a level with `known` ones no more. */
export function levelProblems(item: unknown, known: readonly Finding[] = []): readonly Finding[] {
  const levels = typeof item === 'object' && item !== null ? (item as { levels?: unknown }).levels : undefined
  if (!Array.isArray(levels)) return []
  const broken = new Set(known.map(({ path: [key, i] }) => (key === 'levels' ? i : undefined)))
  const findings: Finding[] = []
  const names = new Set<unknown>()
  for (const [i, level] of (levels as Level[]).entries()) {
    if (broken.has(i)) continue
    const find = (message: string, key?: string) =>
      findings.push({ path: key ? ['levels', i, key] : ['levels', i], at: 'value', message })
    const { name, high, low, clear } = level
    if (name !== undefined && names.has(name)) find(`level "${String(name)}" is declared twice`, 'name')
    names.add(name)
    if ((typeof high === 'number') === (typeof low === 'number')) find('a level has either "high" or "low"')
    if (typeof clear !== 'number') continue
    if (typeof high === 'number' && clear > high)
      find(`clears at ${clear}, which is over its own high ${high}`, 'clear')
    if (typeof low === 'number' && clear < low) find(`clears at ${clear}, which is under its own low ${low}`, 'clear')
  }
  return findings
}
