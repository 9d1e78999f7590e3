/** Whether a person's certificate (特种作业操作证) covers welding at an instant, and until when. */
import type { Site } from '../../model/site.ts'
import type { Text } from '../../model/text.ts'
import { DAY, type Instant, zoneOffset } from '../../model/time.ts'

/** Kinds of certificate for welding and thermal cutting (焊接与热切割作业), as `certificate` of the people file names them. */
export const CERTIFICATES = [
  'welding',
  'fusion-welding',
  'pressure-welding',
  'brazing',
  '焊接与热切割',
  '熔化焊接与热切割',
  '压力焊',
  '钎焊',
] as const

/** `since`: when it became so, where that is known. */
export type Standing =
  | { readonly certified: true; readonly until: Instant }
  | { readonly certified: false; readonly why: Text; readonly since?: Instant }

/** A certificate without a last day does not end. Persons are worded by number, never by name. */
export function standingOf(
  id: string | undefined,
  { site, certificates, at }: { site: Site; certificates: readonly string[]; at: Instant },
): Standing {
  if (id === undefined) return no({ zh: '会话未报作业人员', en: 'the session names nobody' })
  const person = site.people.get(id)
  if (!person) return no({ zh: `人员 ${id} 不在名册`, en: `${id} is nobody known here` })
  const { certificate, expires } = person
  if (certificate === undefined) return no({ zh: `${id} 无证`, en: `${id} has no certificate` })
  if (!certificates.includes(certificate)) {
    return no({
      zh: `${id} 持“${certificate}”证，不含焊接`,
      en: `${id} has a certificate for ${certificate}, not welding`,
    })
  }
  if (expires === undefined) return { certified: true, until: Number.POSITIVE_INFINITY }
  const until = endOfDay(expires, site.timezone)
  if (at < until) return { certified: true, until }
  return {
    ...no({ zh: `${id} 证书已于 ${expires} 到期`, en: `the certificate of ${id} ended on ${expires}` }),
    since: until,
  }
}

function no(why: Text) {
  return { certified: false, why } as const
}

/** The first instant after a day of the zone's calendar. */
export function endOfDay(day: string, zone: string): Instant {
  const midnight = Date.parse(`${day}T00:00:00Z`) + DAY
  // Where clocks change in that night, one of the two offsets gives a time at which it does not hold itself.
  const before = midnight - zoneOffset(zone, midnight - DAY)
  return zoneOffset(zone, before) === zoneOffset(zone, midnight - DAY) ? before : midnight - zoneOffset(zone, before)
}
