/** The hazard ledger (隐患台账): the list, and one hazard with its life. */
import { HazardList } from '../parts/hazard-list.tsx'
import { HazardSheet } from '../parts/hazard-sheet.tsx'
import type { Route } from '../store/route.ts'

export default function Hazards({ route: { name, params } }: { route: Route }) {
  return name === undefined ? <HazardList params={params} /> : <HazardSheet key={name} id={name} />
}
