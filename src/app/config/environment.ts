/** `${NAME}` in `davy.yaml`: secrets stand in the environment, not in files. */
import type { Path, YamlFile } from './document.ts'
import type { Problems } from './problem.ts'

/** Where `davy.yaml` takes its secrets from. */
export type Environment = Readonly<Record<string, string | undefined>>

interface Context {
  readonly env: Environment
  readonly yaml: YamlFile
  readonly problems: Problems
}

/** What a file says, with its secrets put in. */
export interface Filled {
  readonly value: unknown
  /** Whether a value names what is not set: it has been told, and what its place-holder looks like is nobody's fault. */
  isUnset(path: Path): boolean
}

/** Replaces `${NAME}` in every string; `$${` stands for a literal `${`. A name that is not set is a problem. */
export function withEnvironment(context: Context): Filled {
  const unset = new Set<string>()
  const value = fill(context.yaml.value ?? {}, { ...context, path: [], unset })
  return { value, isUnset: (path) => unset.has(JSON.stringify(path)) }
}

function fill(value: unknown, context: Context & { readonly path: Path; readonly unset: Set<string> }): unknown {
  const { env, path, yaml, problems, unset } = context
  if (typeof value === 'string') {
    return value.replace(/\$(\$\{)|\$\{([^}]*)\}/g, (_, literal: string | undefined, name: string) => {
      if (literal) return literal
      const found = env[name]
      if (found === undefined) {
        unset.add(JSON.stringify(path))
        problems.error(yaml.place(path), `the environment has no ${name}: set it where davy is started`)
      }
      return found ?? `\${${name}}`
    })
  }
  if (Array.isArray(value)) return value.map((item, i) => fill(item, { ...context, path: [...path, i] }))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, fill(item, { ...context, path: [...path, key] })]),
  )
}
