/** What is wrong with a configuration, and where: every problem at once, in the form editors jump to. */

/** A spot in a file of the configuration. */
export interface Place {
  /** Relative to the configuration's folder. */
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly column: number
}

/** One thing to mend, or to think over. */
export interface Problem extends Place {
  readonly message: string
  /** An `error` means that something was left out; a `warning`, that it may not be what was meant. */
  readonly level: 'error' | 'warning'
}

/** Where every part of the loader says what it finds. */
export interface Problems {
  readonly list: readonly Problem[]
  error(place: Place, message: string): void
  warn(place: Place, message: string): void
  /** How many errors there are so far. */
  errors(): number
}

/** An empty list that every part of one load writes to. */
export function collectProblems(): Problems {
  const list: Problem[] = []
  return {
    list,
    error: (place, message) => void list.push({ ...place, message, level: 'error' }),
    warn: (place, message) => void list.push({ ...place, message, level: 'warning' }),
    errors: () => list.filter(({ level }) => level === 'error').length,
  }
}

/** For what concerns a whole file. */
export function startOf(file: string): Place {
  return { file, line: 1, column: 1 }
}

/** `file:line`, for a message that points to a second place. */
export function at({ file, line }: Place): string {
  return `${file}:${line}`
}

/** By file, line, column; the same problem said twice is said once. */
export function sortProblems(problems: readonly Problem[]): readonly Problem[] {
  const sorted = [...problems].sort(
    (a, b) => compare(a.file, b.file) || a.line - b.line || a.column - b.column || compare(a.message, b.message),
  )
  return sorted.filter((problem, i) => {
    const before = sorted[i - 1]
    return !before || problem.message !== before.message || at(problem) !== at(before)
  })
}

/** One line a problem: `file:line:column: message`, with `warning: ` before what is only that. */
export function formatProblems(problems: readonly Problem[]): string {
  return problems
    .map(
      ({ file, line, column, message, level }) =>
        `${file}:${line}:${column}: ${level === 'warning' ? 'warning: ' : ''}${message}`,
    )
    .join('\n')
}

/** By code unit: the same order in every locale. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
