/** A YAML file with the places of its keys and values. */
import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml'
import type { ConfigFile } from './file.ts'
import type { Place, Problems } from './problem.ts'
import { yamlProblem } from './yaml-words.ts'

/** Keys and list positions from the root of a document. */
export type Path = readonly (string | number)[]

/** One file that parsed, and where its parts stand. */
export interface YamlFile {
  readonly file: string
  /** Plain data, as JSON would hold it. */
  readonly value: unknown
  /** Where the value at a path stands, or its key; what is not there is placed at the nearest that is. */
  place(path: Path, what?: 'key' | 'value'): Place
}

/** Errors that leave the rest of the document as it was meant: it is judged on, so that all its problems are told at once. */
const HARMLESS: ReadonlySet<string> = new Set(['DUPLICATE_KEY', 'TAG_RESOLVE_FAILED', 'NON_STRING_KEY'])

/** Parses one document; syntax errors become problems, and where one spoils the document it is the last that is told, and there is no value
 *  to judge. */
export function parseYaml({ path: file, text }: ConfigFile, problems: Problems): YamlFile | undefined {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true })
  const placeOf = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  const lineAt = (offset: number) => text.split(/\r\n?|\n/, placeOf(offset).line).at(-1) ?? ''
  const say = (error: YAMLError) => problems.error(placeOf(error.pos[0]), yamlProblem(error, lineAt(error.pos[0])))
  const spoiling = document.errors.filter(({ code }) => !HARMLESS.has(code))
  for (const error of document.errors) if (HARMLESS.has(error.code)) say(error)
  for (const warning of document.warnings) {
    problems.warn(placeOf(warning.pos[0]), yamlProblem(warning, lineAt(warning.pos[0])))
  }
  // Where the parser has lost its way, what it says next is of its own making.
  const first = spoiling.toSorted((a, b) => a.pos[0] - b.pos[0])[0]
  if (first) {
    say(first)
    return undefined
  }
  const lost = unresolvedAlias(document)
  if (lost) {
    const offset = startOffset(lost) ?? 0
    problems.error(placeOf(offset), yamlProblem({ code: 'BAD_ALIAS', message: '' }, lineAt(offset)))
    return undefined
  }
  try {
    const value: unknown = document.toJS({ maxAliasCount: 1_000 })
    return { file, value, place: (path, what = 'value') => placeOf(offsetOf(document, path, what)) }
  } catch (cause) {
    problems.error(placeOf(0), `YAML: ${cause instanceof Error ? cause.message : String(cause)}`)
    return undefined
  }
}

function unresolvedAlias(document: Document): Node | undefined {
  let found: Node | undefined
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document)) return undefined
      found = alias
      return visit.BREAK
    },
  })
  return found
}

function offsetOf(document: Document, path: Path, what: 'key' | 'value'): number {
  let node: unknown = document.contents
  let offset = startOffset(node) ?? 0
  for (const [depth, step] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document)
    if (!isCollection(node)) break
    const last = depth === path.length - 1
    if (isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && keyOf(item.key) === step)
      if (!pair) break
      const key = startOffset(pair.key)
      offset = (last && what === 'key' ? key : (startOffset(pair.value) ?? key)) ?? offset
      node = pair.value
    } else if (isSeq(node)) {
      node = node.items[Number(step)]
      offset = startOffset(node) ?? offset
    }
  }
  return offset
}

function keyOf(key: unknown): unknown {
  return isNode(key) ? (key as Node & { value?: unknown }).value : key
}

function startOffset(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined
}
