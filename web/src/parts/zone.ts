/** Which zone times are shown in: always the site's, never this computer's by accident. */
import { useDesk } from '../store/desk.ts'

const OWN = Intl.DateTimeFormat().resolvedOptions().timeZone

/** The zone of the site, or of the first site where none is given; this computer's before any is known. */
export function useZone(site?: string): string {
  return useDesk((d) => {
    const sites = d.sites.value
    return (sites?.find((found) => found.site === site) ?? sites?.[0])?.timezone ?? OWN
  })
}
