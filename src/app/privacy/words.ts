/** Finds the names and numbers of people in text, as whole words, and puts others in their place. */
import type { Site } from '../../model/site.ts'
import { textOf } from '../../model/text.ts'

/** `number`: of a person or card. `name`: of a person. `place`: a declared word in which a number or name may stand by chance. */
export type WordKind = 'number' | 'name' | 'place'

export interface Lexicon {
  readonly words: ReadonlyMap<string, WordKind>
  /** Of its words. */
  readonly lengths: readonly number[]
}

export function lexiconOf(words: ReadonlyMap<string, WordKind>): Lexicon {
  words = new Map([...words].filter(([word]) => word !== ''))
  return { words, lengths: [...new Set([...words.keys()].map(({ length }) => length))] }
}

/** All that a site declares. Numbers that are also a place's id count as numbers. */
export function siteLexicon(site: Site): Lexicon {
  const words = new Map<string, WordKind>()
  for (const word of placesOf(site)) words.set(word, 'place')
  for (const { id, name, cards } of site.people.values()) {
    for (const [word, kind] of [[name, 'name'] as const, ...[id, ...cards].map((each) => [each, 'number'] as const)]) {
      if (!common(word)) words.set(word, kind)
    }
  }
  return lexiconOf(words)
}

/** A word that text is full of, whoever else is called so: it stands for somebody only where the text is known to be about them. */
function common(word: string): boolean {
  return word.length < 2 || /^\d{1,3}$/.test(word)
}

function* placesOf(site: Site): Iterable<string> {
  yield* [site.id, site.name.zh, site.name.en]
  for (const { id, name } of site.areas.values()) yield* [id, name.zh, name.en]
  for (const { id, attributes } of site.points.values()) {
    yield id
    if (typeof attributes.place === 'string') yield attributes.place
    const name = textOf(attributes.name as Parameters<typeof textOf>[0], id)
    yield* [name.zh, name.en]
  }
}

/** Replaces whole words, the longest that fits first. `extra` goes before the site's own. */
export function replaceWords(
  text: string,
  {
    lexicon,
    extra,
    replace,
  }: { lexicon: Lexicon; extra: Lexicon; replace: (word: string, kind: 'number' | 'name') => string },
): string {
  const lengths = [...new Set([...lexicon.lengths, ...extra.lengths])].sort((a, b) => b - a)
  const fits = (begin: number, length: number) => begin + length <= text.length && !joined(text, begin + length)
  let result = ''
  let done = 0
  for (let i = 0; i < text.length; i++) {
    if (joined(text, i)) continue
    for (const length of lengths) {
      if (!fits(i, length)) continue
      const word = text.slice(i, i + length)
      const kind = extra.words.get(word) ?? lexicon.words.get(word)
      if (!kind) continue
      if (kind !== 'place') {
        result += text.slice(done, i) + replace(word, kind)
        done = i + length
      }
      i += length - 1
      break
    }
  }
  return result + text.slice(done)
}

const LETTER = /[\p{L}\p{N}]/u
const HAN = /\p{Script=Han}/u

/** Whether the characters on both sides of a place belong to one word. Chinese sets no space between words: any place may be an end. */
function joined(text: string, at: number): boolean {
  const before = text[at - 1]
  const behind = text[at]
  if (before === undefined || behind === undefined) return false
  return letter(before) && letter(behind)
}

function letter(character: string): boolean {
  return LETTER.test(character) && !HAN.test(character)
}
