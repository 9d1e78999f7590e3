/** Hazards as the API shows them, and its filters as the list takes them. */
import { HAZARD_GRADES, HAZARD_STATES, type Hazard, type HazardStep } from '../../model/hazard.ts'
import type { HazardQuery } from '../../model/hazard-store.ts'
import type { Installation } from '../../model/site.ts'
import { formatInstant } from '../../model/time.ts'
import { regionsOf } from '../hazards/statistics.ts'
import type { Masking } from '../privacy/masking.ts'
import { zoneOf } from '../wire.ts'
import { namesOf, wordsOf } from './alarm-list.ts'
import type { HazardBody, HazardStepBody, HazardsQuery } from './schemas-hazards.ts'

/** The hazard as viewers see it: whom its alarm and its words name stands under a pseudonym. */
export function maskHazard(hazard: Hazard, masking: Masking | undefined): Hazard {
  if (!masking) return hazard
  const { site, text, alarm, rectification } = hazard
  const say = (words: string) => masking.text(site, words)
  return {
    ...hazard,
    text: { zh: say(text.zh), en: say(text.en) },
    ...(alarm !== undefined && { alarm: masking.alarm(alarm) }),
    ...(rectification && { rectification: { ...rectification, text: say(rectification.text) } }),
  }
}

export function hazardBody(hazard: Hazard, installation: Installation): HazardBody {
  const { opened, deadline, rectification, verified, closed, supervision, revision, ...rest } = hazard
  const site = installation.sites.get(hazard.site)
  const time = (at: number) => formatInstant(at, zoneOf(hazard.site, installation))
  return {
    ...rest,
    ...(site && { kind: site.kind }),
    ...(site?.region !== undefined && { region: site.region }),
    opened: time(opened),
    ...(deadline !== undefined && { deadline: time(deadline) }),
    ...(rectification && {
      rectification: { ...rectification, at: time(rectification.at), evidence: [...rectification.evidence] },
    }),
    ...(verified && { verified: { ...verified, at: time(verified.at) } }),
    ...(closed !== undefined && { closed: time(closed) }),
    ...(supervision && { supervision: supervisionBody(supervision, time) }),
    revision,
  }
}

function supervisionBody(
  { at, until, ...rest }: NonNullable<Hazard['supervision']>,
  time: (at: number) => string,
): NonNullable<HazardBody['supervision']> {
  return { ...rest, at: time(at), ...(until !== undefined && { until: time(until) }) }
}

export function hazardStepBody(
  step: HazardStep,
  { installation, masking }: { installation: Installation; masking: Masking | undefined },
): HazardStepBody {
  const { id, at, cause, by, hazard } = step
  const text = step.text !== undefined && masking ? masking.text(hazard.site, step.text) : step.text
  const time = (instant: number) => formatInstant(instant, zoneOf(hazard.site, installation))
  return {
    id,
    at: time(at),
    cause,
    ...(by !== undefined && { by }),
    ...(text !== undefined && { text }),
    state: hazard.state,
    ...(hazard.owner !== undefined && { owner: hazard.owner }),
    ...(hazard.deadline !== undefined && { deadline: time(hazard.deadline) }),
  }
}

/** Throws `word-unknown`. A region or kind means the sites that are configured there. */
export function hazardQuery(
  { state, site, region, kind, grade, overdue }: Omit<HazardsQuery, 'cursor' | 'limit'>,
  installation: Installation,
): HazardQuery {
  const states = wordsOf('state', state, HAZARD_STATES)
  const grades = wordsOf('grade', grade, HAZARD_GRADES)
  const sites = sitesOf({ site, region, kind }, installation)
  return {
    ...(states && { state: states }),
    ...(grades && { grade: grades }),
    ...(sites && { sites }),
    ...(overdue !== undefined && { overdue }),
  }
}

/** The sites that a filter means; absent where it means all. */
export function sitesOf(
  { site, region, kind }: { site?: string | undefined; region?: string | undefined; kind?: string | undefined },
  { sites }: Installation,
): readonly string[] | undefined {
  const named = namesOf(site)
  if (region === undefined && kind === undefined) return named
  const kinds = namesOf(kind)
  return [...sites.values()]
    .filter((each) => (named?.includes(each.id) ?? true) && (kinds?.includes(each.kind) ?? true))
    .filter((each) => region === undefined || regionsOf(each.region).includes(region))
    .map(({ id }) => id)
}
