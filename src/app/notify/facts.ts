/** What templates may say of a transition, in one language. */
import { placeOf } from '../../alerts/place.ts'
import type { Transition } from '../../model/alarm.ts'
import type { Installation, Site } from '../../model/site.ts'
import { formatInstant } from '../../model/time.ts'
import { zoneOf } from '../wire.ts'
import type { Names } from './names.ts'
import type { Facts } from './placeholders.ts'
import { COLOUR_WORDS, causeWords, SEVERITY_WORDS, WORDS } from './words.ts'

export interface Telling {
  readonly language: 'zh' | 'en'
  readonly installation: Installation
  readonly baseUrl: string | undefined
  readonly hiding: Names
  /** Whether people are written in full. */
  readonly names: boolean
}

export function factsOf(transition: Transition, { language, installation, baseUrl, hiding, names }: Telling): Facts {
  const { severity, cause, site: id, value, limit, clause, instance, to, at, since } = transition
  const { key, alarm, text } = names ? transition : hiding.stars(transition)
  const site = installation.sites.get(id)
  const unit = site && unitOf(transition, site)
  const zone = zoneOf(id, installation)
  return {
    severity: SEVERITY_WORDS[severity][language],
    colour: COLOUR_WORDS[severity][language],
    cause: causeWords(cause)[language],
    site: site?.name[language] ?? id,
    area: site?.areas.get(placeOf({ ...transition, site }).area ?? '')?.name[language] ?? '',
    what: text[language],
    value: quantity(value, unit),
    limit: quantity(limit, unit),
    clause: clause === undefined ? '' : clauseWords(clause, { language, installation }),
    since: clockTime(since ?? at, zone),
    at: clockTime(at, zone),
    rule: instance,
    key,
    alarm,
    link: linkTo(hiding.link(transition), baseUrl),
    ack: to === 'unacked' || to === 'rtn-unacked' ? WORDS.acknowledge[language] : '',
  }
}

/** The page with an alarm open, by its id or a reference to it. */
export function linkTo(alarm: string, baseUrl: string | undefined): string {
  return baseUrl === undefined ? '' : `${baseUrl.replace(/\/$/, '')}/#/alarms?alarm=${encoded(alarm)}`
}

/** Brackets, too: they would end the address in Markdown. */
function encoded(part: string): string {
  return encodeURIComponent(part).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** Counts of people have none; a measured value has its point's. */
function unitOf({ key, evidence }: Transition, site: Site): string | undefined {
  const { point = site.areas.has(key) ? undefined : evidence[0]?.point.id } = placeOf({ site, key, evidence })
  return point === undefined ? undefined : site.points.get(point)?.unit
}

function quantity(value: number | undefined, unit: string | undefined): string {
  if (value === undefined) return ''
  const number = String(Number(value.toPrecision(7)))
  return unit === undefined ? number : `${number} ${unit}`
}

function clauseWords(
  clause: string,
  { language, installation }: { language: 'zh' | 'en'; installation: Installation },
): string {
  const slash = clause.lastIndexOf('/')
  const [pack, number] = [clause.slice(0, slash), clause.slice(slash + 1)]
  const title = installation.regulations.find(({ id }) => id === pack)?.title[language]
  if (title === undefined) return clause
  return language === 'zh' ? `《${title}》${number}` : `${title}, ${number}`
}

/** `2026-05-01 08:00:00`, by the site's clocks. */
function clockTime(at: number, zone: string): string {
  return formatInstant(at, zone).slice(0, 19).replace('T', ' ')
}
