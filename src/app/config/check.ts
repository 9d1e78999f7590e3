/** `davy check`: every problem of a configuration at once, and whether it may be used. */
import { type LoadOptions, loadConfig } from './load.ts'
import { formatProblems, type Problem } from './problem.ts'

/** What `check` found. */
export interface CheckReport {
  /** 1 where there is an error; warnings alone give 0. */
  readonly exitCode: 0 | 1
  /** One line a problem, then one line that sums up. */
  readonly text: string
  readonly problems: readonly Problem[]
}

/** Called by the command line. */
export async function check(dir: string, options: LoadOptions): Promise<CheckReport> {
  const { installation, problems } = await loadConfig(dir, options)
  const errors = problems.filter(({ level }) => level === 'error').length
  const warnings = problems.length - errors
  const counted = `${count(errors, 'error')}, ${count(warnings, 'warning')}`
  const found = [
    count(installation?.sites.size ?? 0, 'site'),
    count(installation?.points.length ?? 0, 'point'),
    count(installation?.rules.length ?? 0, 'rule'),
  ].join(', ')
  const summary = problems.length === 0 ? `${found}: no problems` : `${found}: ${counted}`
  return {
    exitCode: errors > 0 ? 1 : 0,
    text: [...(problems.length > 0 ? [formatProblems(problems)] : []), summary].join('\n'),
    problems,
  }
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`
}
