/** Numbers, cards and names of people in what is sent, cut to stars. The page gives viewers pseudonyms for numbers and cards instead. */
import type { Transition } from '../../model/alarm.ts'
import type { Installation, Site } from '../../model/site.ts'
import { maskName, maskNumber } from '../privacy/stars.ts'
import { subjectOf } from '../subject-of.ts'

/** Replaces the numbers, cards and names of the people a transition speaks of wherever they stand in a text. */
export function masker(transition: Transition, installation: Installation): (text: string) => string {
  const site = installation.sites.get(transition.site)
  const masks = new Map<string, string>()
  for (const number of subjectsOf(transition, installation)) {
    const person = site?.people.get(number) ?? site?.cards.get(number)
    const known = person ? [person.id, ...person.cards] : isCard(number, site) ? [number] : []
    for (const each of known) masks.set(each, maskNumber(each))
    if (person) masks.set(person.name, maskName(person.name))
  }
  if (masks.size === 0) return (text) => text
  // The longest first: one number may be the beginning of another.
  const each = [...masks.keys()].filter((word) => word !== '').sort((a, b) => b.length - a.length)
  const whole = new RegExp(`(?<![A-Za-z0-9])(?:${each.map(literal).join('|')})(?![A-Za-z0-9])`, 'g')
  return (text) => text.replace(whole, (word) => masks.get(word)!)
}

function literal(word: string): string {
  return word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
}

/** What the key and the readings behind it name: `person@area`, `card+card`, `card:…`. */
function subjectsOf(transition: Transition, installation: Installation): Set<string> {
  const { key } = subjectOf(transition, installation)
  const { evidence } = transition
  const found = new Set(key.split(/[@+]/).map((part) => part.replace(/^card:/, '')))
  for (const { value } of evidence) {
    if (typeof value !== 'object' || value === null) continue
    const { card, person } = value as { readonly card?: unknown; readonly person?: unknown }
    for (const each of [card, person]) if (typeof each === 'string') found.add(each)
  }
  return found
}

/** A card that nobody is known to hold is a person's all the same; an area or a point is not. */
function isCard(number: string, site: Site | undefined): boolean {
  const place = number.replace(/:[^:]*$/, '')
  return !site?.areas.has(number) && !site?.points.has(number) && !site?.points.has(place)
}
