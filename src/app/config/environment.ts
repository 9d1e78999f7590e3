/** `${NAME}` in `davy.yaml`: secrets stand in the environment, not in files. */
import type { Path, YamlFile } from './document.ts'
import type { Place, Problems } from './problem.ts'

/** Where `davy.yaml` takes its secrets from. */
export type Environment = Readonly<Record<string, string | undefined>>

interface Context {
  readonly env: Environment
  readonly yaml: YamlFile
  readonly problems: Problems
  /** Whether anybody needs the secrets: without, a name that is not set is no problem. */
  readonly secrets: boolean
}

/** What a file says, with its secrets put in. */
export interface Filled {
  readonly value: unknown
  /** Whether a value names what is not set. */
  isUnset(path: Path): boolean
  /** Whether there is any such value. */
  readonly lacking: boolean
  /** For whoever judges `value`: of what is not set has been told, and what its place-holder looks like is nobody's fault. */
  readonly problems: Problems
}

/** Replaces `${NAME}` in every string; `$${` stands for a literal `${`. A name that is not set is a problem. */
export function withEnvironment(context: Context): Filled {
  const { yaml, problems } = context
  const unset = new Map<string, Place>()
  const value = fill(yaml.value ?? {}, { ...context, path: [], unset })
  const blank = ({ line, column }: Place) =>
    [...unset.values()].some((place) => place.line === line && place.column === column)
  return {
    value,
    isUnset: (path) => unset.has(JSON.stringify(path)),
    lacking: unset.size > 0,
    problems: {
      ...problems,
      error: (place, message) => blank(place) || problems.error(place, message),
      warn: (place, message) => blank(place) || problems.warn(place, message),
    },
  }
}

function fill(value: unknown, context: Context & { readonly path: Path; readonly unset: Map<string, Place> }): unknown {
  const { env, path, yaml, problems, unset, secrets } = context
  if (typeof value === 'string') {
    return value.replace(/\$(\$\{)|\$\{([^}]*)\}/g, (_, literal: string | undefined, name: string) => {
      if (literal) return literal
      const found = env[name]
      if (found === undefined) {
        const place = yaml.place(path)
        unset.set(JSON.stringify(path), place)
        if (secrets) problems.error(place, `the environment has no ${name}: set it where davy is started`)
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
