/** The duty desks (值班体系): who is on duty where, what stands there, and how long each may take. */
import { useLanguage } from '../i18n/language.ts'
import { DutyTable } from '../parts/duty-table.tsx'
import { ResponseClocks } from '../parts/response-clocks.tsx'
import { Nothing, Show } from '../parts/states.tsx'
import { useDutyTree } from '../store/desks.ts'

export default function Desks() {
  const { w } = useLanguage()
  const of = useDutyTree()
  return (
    <div className="stack">
      <h1>{w.desks.title}</h1>
      <section className="panel" aria-label={w.desks.title}>
        <p className="panel-note">{w.desks.hint}</p>
        <Show of={of} retry={of.reload} lines={6}>
          {({ desks, masked }) =>
            desks.length === 0 ? (
              <Nothing title={w.desks.none} detail={w.desks.noneDetail} />
            ) : (
              <>
                <DutyTable desks={desks} />
                {masked && <p className="panel-note">{w.desks.masked}</p>}
              </>
            )
          }
        </Show>
      </section>
      {of.value?.clocks && <ResponseClocks clocks={of.value.clocks} />}
    </div>
  )
}
