/** One hazard: facts, what can be done, and every step of its life. */
import { pathOf } from '../api/http.ts'
import type { HazardDetail } from '../api/types.ts'
import { useLanguage } from '../i18n/language.ts'
import { useFetched } from '../store/fetched.ts'
import { HazardDeeds } from './hazard-deeds.tsx'
import { HazardFacts } from './hazard-facts.tsx'
import { HazardFlags } from './hazard-flags.tsx'
import { HazardSteps } from './hazard-steps.tsx'
import { Nothing, Show } from './states.tsx'
import { useZone } from './zone.ts'

export function HazardSheet({ id }: { id: string }) {
  const { w } = useLanguage()
  const of = useFetched<HazardDetail>(`hazards/${pathOf(id)}`, { every: 5_000 })
  return (
    <div className="stack">
      <a className="link" href="#/hazards">
        ← {w.hazards.back}
      </a>
      {of.problem?.status === 404 && of.value === undefined ? (
        <div className="panel">
          <Nothing title={w.hazards.unknown} detail={id} />
        </div>
      ) : (
        <Show of={of} retry={of.reload} lines={8}>
          {(hazard) => <Sheet hazard={hazard} reload={of.reload} />}
        </Show>
      )}
    </div>
  )
}

function Sheet({ hazard, reload }: { hazard: HazardDetail; reload: () => void }) {
  const { w, text } = useLanguage()
  const zone = useZone(hazard.site)
  return (
    <div className="halves">
      <section className="panel sheet" aria-label={w.hazards.hazard}>
        <div className="row wrap">
          <HazardFlags hazard={hazard} />
          <span className="state">{w.hazards.states[hazard.state]}</span>
          <span className="mono quiet">{hazard.hazard}</span>
        </div>
        <h1 className="drawer-title">{text(hazard.text)}</h1>
        <HazardFacts hazard={hazard} zone={zone} />
        <HazardDeeds hazard={hazard} zone={zone} done={reload} />
      </section>
      <section className="panel sheet" aria-label={w.hazards.timeline}>
        <h2>{w.hazards.timeline}</h2>
        <HazardSteps steps={hazard.steps} zone={zone} />
      </section>
    </div>
  )
}
