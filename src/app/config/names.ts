/** What the sites of a configuration call themselves, their regions and their work, whether or not they are whole. */
import { ALL_DAY } from '../../model/shift.ts'
import { regionsOf } from '../hazards/statistics.ts'
import type { Known, Unread } from './known.ts'
import { type SiteDraft, siteOf } from './site.ts'

/** What settings and the duty tree may name of the sites. */
export interface SiteNames {
  readonly sites: Known
  /** Each with every part of its path from the left. */
  readonly regions: Known
  /** Kinds of work of the shifts. */
  readonly work: Known
}

/** `broken` ones are drafts, too: only what they are called counts here. */
export function siteNames(drafts: readonly SiteDraft[], unread: Unread): SiteNames {
  // A part of a region, and the work of a site that declares no shift, stand in no file as they are named.
  const maybe = () => unread.any('sites')
  const regions = drafts.flatMap(({ header: { region } }) => (typeof region === 'string' ? regionsOf(region) : []))
  return {
    // A site whose id is wrong was to be called as its file.
    sites: {
      names: drafts.flatMap(({ id, headless, yaml }) => (headless ? [siteOf(yaml.file), id] : [id])),
      maybe: unread.in('sites'),
    },
    regions: { names: regions, maybe },
    work: { names: drafts.flatMap(workOf), maybe },
  }
}

function workOf({ header }: SiteDraft): readonly string[] {
  const shifts: unknown = header.shifts
  const declared = Array.isArray(shifts)
    ? shifts.map((shift) => String((shift as { work?: unknown } | null)?.work))
    : []
  return declared.length > 0 ? declared : ALL_DAY.map(({ work }) => String(work))
}
