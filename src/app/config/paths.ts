/** Paths in settings have one base, the folder of `davy.yaml`, wherever the program was started. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { TSchema } from 'typebox'
import type { Path } from './document.ts'
import type { Shape } from './shape.ts'

interface Context {
  /** The folder of `davy.yaml`. */
  readonly dir: string
  /** A file that is not there: where the settings name it, and how. */
  missing(path: Path, file: string): void
}

/** Conformed settings with every file and folder of their schema as an absolute path; what is of another form stays as it is. */
export function withPaths<T>(settings: T, { schema, ...context }: Context & { readonly schema: TSchema }): T {
  return visit(settings, schema as Shape, { ...context, path: [] }) as T
}

function visit(value: unknown, shape: Shape, context: Context & { readonly path: Path }): unknown {
  const { dir, missing, path } = context
  if (typeof value === 'string') {
    if (shape.format !== 'file' && shape.format !== 'folder') return value
    const absolute = resolve(dir, value)
    if (shape.format === 'file' && !existsSync(absolute)) missing(path, value)
    return absolute
  }
  if (Array.isArray(value)) {
    const { items } = shape
    if (items === undefined || Array.isArray(items)) return value
    return value.map((item, i) => visit(item, items as Shape, { ...context, path: [...path, i] }))
  }
  if (typeof value !== 'object' || value === null || !shape.properties) return value
  const { properties } = shape
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const part = Object.hasOwn(properties, key) ? properties[key] : undefined
      return [key, part ? visit(item, part, { ...context, path: [...path, key] }) : item]
    }),
  )
}
