/** The sealed evidence of an alarm: fetched as the file it is, and read as far as the page shows it. */
import { pathOf, query, send } from './http.ts'
import type { TransitionBody } from './types.ts'

/** One reading the decision rests on. */
export interface ProofReading {
  readonly offset: number
  readonly point: string
  readonly ts: string
  readonly received: string
  readonly value: unknown
  readonly quality: string
  readonly status?: string
  readonly ref?: string
}

export interface AuditLine {
  readonly n: number
  readonly at: string
  readonly who: string
  readonly action: string
  readonly detail?: unknown
  readonly prev: string
  readonly hash: string
}

/** What the page reads of a bundle of the format `davylamp-evidence/1`. */
export interface Bundle {
  readonly alarm: string
  readonly episode: number
  readonly site: string
  readonly rule: {
    readonly id: string
    readonly rule: string
    readonly version: string
    readonly clause?: string
    readonly regulation: { readonly id: string; readonly title: { readonly zh: string; readonly en: string } }
  }
  readonly decision: { readonly zh: string; readonly en: string }
  readonly transitions: readonly TransitionBody[]
  readonly before: unknown
  readonly after: unknown
  readonly readings: readonly ProofReading[]
  readonly entries: readonly unknown[]
  readonly cut?: true
  readonly configurations: readonly {
    readonly hash: string
    readonly files: readonly { readonly path: string; readonly text: string }[]
  }[]
  readonly audit: { readonly records: readonly AuditLine[]; readonly head?: AuditLine }
  readonly seal: string
}

export interface Proof {
  readonly bundle: Bundle
  /** What judging it again gave. */
  readonly verdict: { readonly sealed: boolean; readonly configured: boolean; readonly reproduced: boolean }
  /** The bytes as they were sealed, and the name they are kept under. */
  readonly file: Blob
  readonly name: string
}

/** The journal is read twice for it: a long one takes minutes. */
const PATIENCE = 300_000

/** Rejects with a `Problem`. */
export async function fetchProof(
  alarm: string,
  { episode, signal }: { readonly episode: number; readonly signal: AbortSignal },
): Promise<Proof> {
  const path = `alarms/${pathOf(alarm)}/evidence${query({ episode })}`
  const response = await send(path, { signal, timeout: PATIENCE })
  const file = await response.blob()
  const told = response.headers.get('davy-verdict') ?? ''
  const holds = (word: string) => told.includes(`${word}=?1`)
  return {
    bundle: JSON.parse(await file.text()) as Bundle,
    verdict: { sealed: holds('sealed'), configured: holds('configured'), reproduced: holds('reproduced') },
    file,
    name: /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? 'evidence.json',
  }
}

/** A rule item as its pack words it: the lines from its `id` to the next item. `undefined` where no file has it, as with built-in rules. */
export function ruleText({
  configurations,
  rule,
}: Pick<Bundle, 'configurations' | 'rule'>): { readonly path: string; readonly text: string } | undefined {
  for (const { files } of configurations) {
    for (const { path, text } of files) {
      if (!/^rules\//.test(path)) continue
      const lines = text.split('\n')
      const start = lines.findIndex((line) => idOf(line) === rule.id)
      if (start === -1) continue
      const indent = indentOf(lines[start] ?? '')
      const length = lines.slice(start + 1).findIndex((line) => line.trim() !== '' && indentOf(line) <= indent)
      const item = lines.slice(start, length === -1 ? undefined : start + 1 + length)
      return {
        path,
        text: item
          .map((line) => line.slice(indent))
          .join('\n')
          .trimEnd(),
      }
    }
  }
  return undefined
}

const idOf = (line: string): string | undefined => /^\s*-\s*\{?\s*id:\s*["']?([^"',\s}]+)/.exec(line)?.[1]
const indentOf = (line: string): number => line.length - line.trimStart().length
