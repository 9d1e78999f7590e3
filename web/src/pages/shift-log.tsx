/** The shift log (交接班): who handed which desk to whom, what stood then; and windows of work that keep alarms from people. */
import { Select } from 'antd'
import { query } from '../api/http.ts'
import type { HandoverList } from '../api/types.ts'
import { useLanguage } from '../i18n/language.ts'
import { HandoverEntry } from '../parts/handover-entry.tsx'
import { HandoverForm } from '../parts/handover-form.tsx'
import { Nothing, Show } from '../parts/states.tsx'
import { WorkWindows } from '../parts/work-windows.tsx'
import { useDesks, useDutyTree } from '../store/desks.ts'
import { useFetched } from '../store/fetched.ts'
import { useMay } from '../store/may.ts'
import { type Route, setParams } from '../store/route.ts'

export default function ShiftLog({ route: { params } }: { route: Route }) {
  const { w } = useLanguage()
  const may = useMay('operator')
  const desk = params.get('desk') ?? ''
  const of = useFetched<HandoverList>(may ? `handovers${query({ desk })}` : undefined, { every: 20_000 })
  const desks = useDesks(useDutyTree().value)
  const nameOf = (id: string) => desks.find((known) => known.id === id)?.name ?? id
  if (!may)
    return (
      <div className="panel">
        <Nothing title={w.nav.shiftLog} detail={w.shiftLog.operatorOnly} />
      </div>
    )
  return (
    <div className="stack">
      <h1>{w.nav.shiftLog}</h1>
      <div className="halves">
        <div className="stack">
          <HandoverForm desks={desks} done={of.reload} />
          <section className="panel" aria-label={w.shiftLog.log}>
            <header className="wrap">
              <h2 className="grow">{w.shiftLog.log}</h2>
              <Select
                value={desk}
                onChange={(value) => setParams({ desk: value }, { replace: true })}
                aria-label={w.shiftLog.desk}
                style={{ width: 220 }}
                options={[
                  { value: '', label: w.shiftLog.anyDesk },
                  ...desks.map(({ id, name }) => ({ value: id, label: name })),
                ]}
              />
            </header>
            <Show of={of} retry={of.reload} lines={6}>
              {({ handovers }) =>
                handovers.length === 0 ? (
                  <Nothing title={w.shiftLog.none} detail={w.shiftLog.noneDetail} />
                ) : (
                  <ol className="entries" aria-label={w.shiftLog.log}>
                    {handovers.map((entry) => (
                      <HandoverEntry
                        key={`${entry.at} ${entry.desk} ${entry.incoming}`}
                        entry={entry}
                        desk={nameOf(entry.desk)}
                      />
                    ))}
                  </ol>
                )
              }
            </Show>
          </section>
        </div>
        <WorkWindows />
      </div>
    </div>
  )
}
