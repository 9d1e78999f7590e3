/** What a name may stand for. Who names a part that is declared and broken, or that a file declares which cannot be read, is not at fault. */
import { didYouMean } from './nearest.ts'

/** Names that are declared, those of broken parts included. */
export interface Known {
  readonly names: Iterable<string>
  /** Whether a file that cannot be read may declare it. */
  readonly maybe?: ((name: string) => boolean) | undefined
}

/** More names than these are no help to whoever looks for one. */
const LISTED = 8

/** `unknown site "x"; did you mean "y"?`; `undefined` where nobody is at fault. */
export function unknownName(
  name: string,
  { what, names, maybe }: Known & { readonly what: string },
): string | undefined {
  const all = [...new Set(names)]
  if (all.includes(name) || maybe?.(name)) return undefined
  const list = all.length > 0 && all.length <= LISTED ? `; known: ${all.join(', ')}` : ''
  return `unknown ${what} "${name}"${didYouMean(name, all) || list}`
}

/** What an id may be made of. */
const WORD = /[\p{L}\p{N}._/-]+/gu

/** Files that could not be read, or not as YAML. */
export interface Unread {
  /** `text` is absent where not even that could be read. */
  add(path: string, text: string | undefined): void
  /** For `Known.maybe`: whether such a file of the folder, or that file, has the word in it. */
  in(folder: string): (name: string) => boolean
  /** Whether there is any. */
  any(folder: string): boolean
}

export function unreadFiles(): Unread {
  /** Words of each; `undefined` where there may be any. */
  const words = new Map<string, ReadonlySet<string> | undefined>()
  return {
    add: (path, text) => void words.set(path, text === undefined ? undefined : new Set(text.match(WORD))),
    in: (folder) => (name) =>
      [...words].some(([path, known]) => path.startsWith(folder) && (known === undefined || known.has(name))),
    any: (folder) => [...words.keys()].some((path) => path.startsWith(folder)),
  }
}
