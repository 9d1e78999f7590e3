/** Files of a configuration: read whole, decoded from UTF-8 or GB18030, named relative to their folder. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Place, type Problems, startOf } from './problem.ts'

/** One file as it was read. */
export interface ConfigFile {
  /** Relative to the configuration's folder, with forward slashes. */
  readonly path: string
  readonly text: string
  /** SHA-256 of the bytes, hex. */
  readonly hash: string
}

/** Beyond these a file is a mistake (a recording, a database) rather than a configuration. */
const LIMITS: Readonly<Record<string, number>> = { yaml: 16 * 1024 * 1024, csv: 64 * 1024 * 1024 }

/** Reads one file; what stands in the way becomes a problem of that file, or of the place that names it. */
export async function readConfigFile(
  path: string,
  { dir, problems, namedAt }: { dir: string; problems: Problems; namedAt?: Place | undefined },
): Promise<ConfigFile | undefined> {
  const place = startOf(path)
  const limit = LIMITS[path.endsWith('.csv') ? 'csv' : 'yaml']!
  try {
    if (namedAt && !existsSync(join(dir, path))) {
      problems.error(namedAt, `there is no file ${path}`)
      return undefined
    }
    const { size } = await stat(join(dir, path))
    if (size > limit) {
      problems.error(place, `the file has ${mebibytes(size)} MiB, more than ${mebibytes(limit)}; split it`)
      return undefined
    }
    const bytes = await readFile(join(dir, path))
    const text = decode(bytes)
    if (text === undefined) {
      problems.error(place, 'the file is neither UTF-8 nor GB18030 text; save it as UTF-8')
      return undefined
    }
    return { path, text, hash: createHash('sha256').update(bytes).digest('hex') }
  } catch (cause) {
    problems.error(place, `the file cannot be read: ${reasonOf(cause)}`)
    return undefined
  }
}

/** UTF-8 (with or without a byte order mark), UTF-16 with one, or GB18030, which is what a Chinese spreadsheet saves as CSV. */
export function decode(bytes: Uint8Array): string | undefined {
  const utf16 =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? ['utf-16le']
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? ['utf-16be']
        : undefined
  for (const encoding of utf16 ?? ['utf-8', 'gb18030']) {
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(bytes)
      // No text holds these: a binary file may still decode by accident.
      return text.includes('\0') ? undefined : text
    } catch {}
  }
  return undefined
}

/** What the system says, in words. */
export function reasonOf(cause: unknown): string {
  const { code } = cause as NodeJS.ErrnoException
  return (code !== undefined && REASONS[code]) || (code ?? String(cause))
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'this user may not read it',
  EPERM: 'this user may not read it',
  EISDIR: 'it is a folder',
  ENOTDIR: 'it is no folder',
  EIO: 'the disk failed',
}

function mebibytes(bytes: number): string {
  return (bytes / (1024 * 1024)).toFixed(0)
}
