/** Secrets of a channel, in case a peer or a proxy repeats them in its answer: answers are logged, kept and shown. */

/** Shorter ones would blot out words by chance. */
const SHORTEST = 6
/** Robots have their token in the path. */
const TOKEN = 16

/** Puts stars in place of what the channel's settings hold that nobody may read: keys, passwords, headers, tokens of an address. */
export function redactor(settings: unknown): (text: string) => string {
  const { url, secret, password, headers } = (settings ?? {}) as Readonly<Record<string, unknown>>
  const found = [secret, password, ...Object.values((headers ?? {}) as object).flatMap(partsOf), ...tokensOf(url)]
  const secrets = found.filter((each) => typeof each === 'string').filter(({ length }) => length >= SHORTEST)
  // The longest first: one may hold another.
  secrets.sort((a, b) => b.length - a.length)
  return (text) => secrets.reduce((told, each) => withoutBeginning(told.replaceAll(each, '***'), each), text)
}

/** Answers are cut off at some length, perhaps within a secret. */
function withoutBeginning(text: string, secret: string): string {
  for (let length = secret.length - 1; length >= SHORTEST; length--) {
    if (text.endsWith(secret.slice(0, length))) return `${text.slice(0, -length)}***`
  }
  return text
}

/** A header such as `Bearer …` as a whole, and without its scheme. */
function partsOf(value: unknown): unknown[] {
  return typeof value === 'string' ? [value, value.slice(value.indexOf(' ') + 1)] : []
}

function tokensOf(url: unknown): string[] {
  if (typeof url !== 'string' || !URL.canParse(url)) return []
  const { pathname, search, searchParams, username, password } = new URL(url)
  const long = pathname.split('/').filter(({ length }) => length >= TOKEN)
  const raw = search
    .slice(1)
    .split('&')
    .map((pair) => pair.slice(pair.indexOf('=') + 1))
  return [...long, ...raw, ...searchParams.values(), username, password].filter((part) => !/^\{\w+\}$/.test(part))
}
