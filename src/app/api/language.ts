/** In which of the two languages an answer speaks: what `Accept-Language` (RFC 9110) prefers, English where it wants neither. */
import type { Text } from '../../model/text.ts'

export type Language = keyof Text

/** Of ranges such as `zh-CN;q=0.9` the one that is wanted most; of equals the first. */
export function languageOf(accepted: string | undefined): Language {
  let found: Language = 'en'
  let most = 0
  for (const range of (accepted ?? '').split(',')) {
    const [tag = '', ...parameters] = range
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/)
    const [primary] = tag.split('-')
    if (primary !== 'zh' && primary !== 'en') continue
    const weight = parameters.find((parameter) => parameter.startsWith('q='))
    const quality = weight === undefined ? 1 : Number(weight.slice(2)) || 0
    if (quality <= most) continue
    most = quality
    found = primary
  }
  return found
}
