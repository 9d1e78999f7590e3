/** The chosen language, for components. */
import { usePrefs } from '../store/prefs.ts'
import { type Lang, WORDS, type Words } from './words.ts'

export interface Language {
  readonly lang: Lang
  readonly w: Words
  /** The page's language of a text that carries both. */
  text(text: { readonly zh: string; readonly en: string }): string
}

/** Words are put together from parts that leave room for Latin ones; between Chinese ones there is none. */
const joined = (zh: string) =>
  zh.replace(/(?<=[\u3001-\u303f\uff00-\uffef]) (?=\S)|(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])/g, '')

const LANGUAGES: Readonly<Record<Lang, Language>> = {
  zh: { lang: 'zh', w: WORDS.zh, text: (text) => joined(text.zh) },
  en: { lang: 'en', w: WORDS.en, text: (text) => text.en },
}

export function useLanguage(): Language {
  return LANGUAGES[usePrefs().lang]
}
