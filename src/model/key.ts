/** What an alarm's key names, by its kind, and which parts of it are persons or cards: personal data wherever the key goes. */

/** What the keys of a rule's alarms name. A new kind cannot be added without saying who is named in it. */
export type KeyKind =
  | 'area'
  | 'area or site'
  | 'point'
  | 'point:level'
  | 'card'
  | 'person'
  | 'machine'
  | 'site'
  | 'source'
  | 'pair'
  | 'person@area'

type Replace = (subject: string) => string

const nobody = (key: string) => key
const whole = (key: string, replace: Replace) => subject(key, replace)

const PARTS: Readonly<Record<KeyKind, (key: string, replace: Replace) => string>> = {
  area: nobody,
  'area or site': nobody,
  point: nobody,
  'point:level': nobody,
  card: whole,
  person: whole,
  machine: nobody,
  site: nobody,
  source: nobody,
  pair: (key, replace) =>
    key
      .split('+')
      .map((card) => subject(card, replace))
      .join('+'),
  'person@area'(key, replace) {
    // An area's id has no @ in it; a person's may.
    const at = key.lastIndexOf('@')
    return at < 0 ? subject(key, replace) : subject(key.slice(0, at), replace) + key.slice(at)
  },
}

/** The key with each person and each card in it replaced; a card nobody is known to hold keeps its `card:`. */
export function replaceSubjects({ kind, key }: { kind: KeyKind; key: string }, replace: Replace): string {
  return PARTS[kind](key, replace)
}

function subject(name: string, replace: Replace): string {
  const bare = name.replace(/^card:/, '')
  return name.slice(0, name.length - bare.length) + replace(bare)
}
