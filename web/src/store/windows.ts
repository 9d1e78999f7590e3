/** Windows of work (作业时段) and alarms out of service, site by site, as the service lists them. */
import { ask } from '../api/http.ts'
import type { AlarmBody, CommandReply, DeclaredWindow, OutOfServiceBody, WindowBody, WindowList } from '../api/types.ts'
import { isWindow } from '../format/by.ts'
import { type Fetched, useLoaded } from './fetched.ts'
import { take } from './session.ts'

export interface SiteWindow extends DeclaredWindow {
  readonly site: string
}
export interface SiteOutOfService extends OutOfServiceBody {
  readonly site: string
}
export interface Declared {
  readonly windows: readonly SiteWindow[]
  readonly outOfService: readonly SiteOutOfService[]
}

const EVERY = 15_000
const pathOf = (site: string): string => `sites/${encodeURIComponent(site)}/windows`

/** Of every site; those that end first, first. */
export function useDeclared(sites: readonly string[] | undefined): Fetched<Declared> {
  const load = async (signal: AbortSignal): Promise<Declared> => {
    const lists = await Promise.all(
      (sites ?? []).map(async (site) => ({ site, ...(await ask<WindowList>(pathOf(site), { signal })) })),
    )
    const of = <T>(site: string, found: readonly T[]) => found.map((one) => ({ ...one, site }))
    return {
      windows: lists
        .flatMap(({ site, windows }) => of(site, windows))
        .sort((a, b) => Date.parse(a.until) - Date.parse(b.until)),
      outOfService: lists.flatMap(({ site, outOfService }) => of(site, outOfService)),
    }
  }
  return useLoaded(sites && `windows of ${sites.join(' ')}`, load, { every: EVERY })
}

/** Rejects with the service's `Problem`. */
export async function declare({ site, ...body }: WindowBody & { readonly site: string }): Promise<void> {
  take((await ask<CommandReply>(pathOf(site), { method: 'POST', body })).transitions)
}

/** The same window again, with an end that has come. Rejects with the service's `Problem`. */
export function end(window: SiteWindow, now: number): Promise<void> {
  const { site, command, window: name, points, area, witness, reason } = window
  const until = new Date(now).toISOString()
  return declare({
    site,
    command,
    window: name,
    ...(points && { points }),
    ...(area !== undefined && { area }),
    until,
    witness: witness ?? '',
    ...(reason !== undefined && { reason }),
  })
}

/** Whether an alarm is kept from people by a window, rather than by another alarm. */
export const byWindow = ({ last: { hush } }: AlarmBody): boolean => hush?.kind === 'suppressed' && isWindow(hush.by)
