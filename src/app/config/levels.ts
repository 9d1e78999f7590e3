/** What a schema cannot say of `levels:`: each has one bound, a name of its own, and clears on the safe side. */
import type { Finding } from './conform.ts'

interface Level {
  readonly name?: unknown
  readonly high?: unknown
  readonly low?: unknown
  readonly clear?: unknown
}

/** Findings relative to the rule item; none where it has no levels. */
export function levelProblems(item: unknown): readonly Finding[] {
  const { levels } = item as { levels?: unknown }
  if (!Array.isArray(levels)) return []
  const findings: Finding[] = []
  const names = new Set<unknown>()
  for (const [i, level] of (levels as Level[]).entries()) {
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
