/** The two languages of the page and which one to begin with. */
import { en, type Words } from './en.ts'
import { zh } from './zh.ts'

export type { Words } from './en.ts'
export type Lang = 'zh' | 'en'

export const WORDS: Readonly<Record<Lang, Words>> = { zh, en }

/** What was chosen here before, or else the first of the browser's languages that the page speaks; English where there is none. */
export function firstLanguage(chosen: string | null, preferred: readonly string[]): Lang {
  if (chosen === 'zh' || chosen === 'en') return chosen
  for (const tag of preferred) {
    const language = tag.slice(0, 2).toLowerCase()
    if (language === 'zh' || language === 'en') return language
  }
  return 'en'
}
