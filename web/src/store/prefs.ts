/** What this desk likes: language, theme and sound, kept in this browser. */
import { firstLanguage, type Lang } from '../i18n/words.ts'
import { createStore, useStore } from './store.ts'

export type Theme = 'dark' | 'light'

export interface Prefs {
  readonly lang: Lang
  readonly theme: Theme
  readonly sound: boolean
}

const stored = (name: string): string | null => {
  try {
    return localStorage.getItem(`davy.${name}`)
  } catch {
    return null // storage may be forbidden; the desk then forgets, and works
  }
}

export const prefs = createStore<Prefs>({
  lang: firstLanguage(stored('lang'), navigator.languages),
  theme: stored('theme') === 'light' ? 'light' : 'dark',
  sound: stored('sound') !== 'off',
})

/** Changes and remembers. */
export function prefer(change: Partial<Prefs>): void {
  prefs.set((now) => ({ ...now, ...change }))
  const { lang, theme, sound } = prefs.get()
  try {
    localStorage.setItem('davy.lang', lang)
    localStorage.setItem('davy.theme', theme)
    localStorage.setItem('davy.sound', sound ? 'on' : 'off')
  } catch {
    // as above
  }
}

export function usePrefs(): Prefs {
  return useStore(prefs, (state) => state)
}
