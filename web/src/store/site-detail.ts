/** A site's details: how its points stand; its areas and counts go to the desk's store, should the stream not have brought them. */
import { useEffect } from 'react'
import type { SiteDetail } from '../api/types.ts'
import { desk } from './desk.ts'
import { type Fetched, useFetched } from './fetched.ts'
import { applyCounts } from './sites.ts'

export function useSiteDetail(site: string): Fetched<SiteDetail> {
  const fetched = useFetched<SiteDetail>(`sites/${encodeURIComponent(site)}`, { every: 10_000 })
  const { value } = fetched
  useEffect(() => {
    if (value) desk.set((d) => ({ ...d, sites: { ...d.sites, value: applyCounts(d.sites.value, [value]) } }))
  }, [value])
  return fetched
}
