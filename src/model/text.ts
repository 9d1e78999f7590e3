/** What people read, in both of Davylamp's languages; the fold carries both, so no locale enters it. */
export interface Text {
  readonly zh: string
  readonly en: string
}

/** A name that was given in one language stands for both. */
export function textOf(name: string | Partial<Text> | undefined, fallback: string): Text {
  if (typeof name === 'string') return { zh: name, en: name }
  return { zh: name?.zh ?? name?.en ?? fallback, en: name?.en ?? name?.zh ?? fallback }
}
