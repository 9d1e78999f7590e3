/** The chosen language, for components. */
import { usePrefs } from '../store/prefs.ts'
import { type Lang, WORDS, type Words } from './words.ts'

export interface Language {
  readonly lang: Lang
  readonly w: Words
  /** The page's language of a text that carries both. */
  text(text: { readonly zh: string; readonly en: string }): string
}

const LANGUAGES: Readonly<Record<Lang, Language>> = {
  zh: { lang: 'zh', w: WORDS.zh, text: (text) => text.zh },
  en: { lang: 'en', w: WORDS.en, text: (text) => text.en },
}

export function useLanguage(): Language {
  return LANGUAGES[usePrefs().lang]
}
