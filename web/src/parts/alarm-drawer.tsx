/** One alarm in full, beside the page: facts, what can be done, timeline, evidence. */
import { Button, Drawer } from 'antd'
import { useEffect, useState } from 'react'
import { pathOf } from '../api/http.ts'
import type { AlarmDetail, PointList } from '../api/types.ts'
import { isOwn, measured } from '../format/alarm.ts'
import { ago, dateTime } from '../format/time.ts'
import { useLanguage } from '../i18n/language.ts'
import { needsAck } from '../store/alarms.ts'
import { useNow } from '../store/clock.ts'
import { acknowledge } from '../store/commands.ts'
import { useDesk } from '../store/desk.ts'
import { useDutyTree } from '../store/desks.ts'
import { useFetched } from '../store/fetched.ts'
import { hazardHref } from '../store/hazards.ts'
import { useMay } from '../store/may.ts'
import { closeAlarm, openAlarm, setParams, siteHref, trialHref } from '../store/route.ts'
import { AlarmActions } from './alarm-actions.tsx'
import { AlarmHush } from './alarm-hush.tsx'
import { Evidence, Timeline } from './alarm-life.tsx'
import { AlarmMarks } from './alarm-marks.tsx'
import { Deliveries } from './deliveries.tsx'
import { Proof } from './proof.tsx'
import { ownerOf, Remarks } from './remarks.tsx'
import { SeverityTag } from './severity.tsx'
import { Nothing, Show } from './states.tsx'
import { useZone } from './zone.ts'

export default function AlarmDrawer({ alarm }: { alarm: string }) {
  const { w } = useLanguage()
  // The stream says when there is a new step to read; what becomes of a message on its way to people, nobody says.
  const of = useFetched<AlarmDetail>(`alarms/${pathOf(alarm)}`, { every: 5_000 })
  const step = useDesk((d) => d.alarms.value?.get(alarm)?.last.id)
  const { reload } = of
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new step asks for the details anew
  useEffect(reload, [step])
  // A link from a message holds a reference; here it is known by its id.
  const known = of.value?.alarm
  useEffect(() => {
    if (known !== undefined && known !== alarm) setParams({ alarm: known }, { replace: true })
  }, [known, alarm])
  useReturn(alarm)
  return (
    <Drawer open size={720} title={w.drawer.title} onClose={closeAlarm} mask={{ closable: true }} destroyOnHidden>
      {of.problem?.status === 404 && of.value === undefined ? (
        <Nothing title={w.drawer.gone} detail={alarm} />
      ) : (
        <Show of={of} retry={of.reload} lines={8}>
          {(detail) => <Detail detail={detail} reload={of.reload} />}
        </Show>
      )}
    </Drawer>
  )
}

/** Gives the keyboard back to where the details were opened from, or to the alarm's row. */
function useReturn(alarm: string): void {
  const [opener] = useState(() => document.activeElement)
  useEffect(
    () => () => {
      const row = () => document.querySelector(`tr[data-alarm="${CSS.escape(alarm)}"]`)
      setTimeout(() => {
        if (document.activeElement !== document.body) return
        const back = opener?.isConnected && opener !== document.body ? opener : row()
        if (back instanceof HTMLElement) back.focus()
      })
    },
    [alarm, opener],
  )
}

type Points = PointList['points']

function Detail({ detail, reload }: { detail: AlarmDetail; reload: () => void }) {
  const { w, text } = useLanguage()
  const { last } = detail
  const live = useDesk((d) => d.alarms.value?.get(detail.alarm))
  const pending = useDesk((d) => d.pending.has(detail.alarm))
  const may = useMay('operator')
  const state = live?.state ?? detail.state
  const zone = useZone(last.site)
  // For their kinds and units: the alarm itself carries bare numbers.
  const points = useFetched<PointList>(`sites/${encodeURIComponent(last.site)}/points`).value?.points ?? []
  return (
    <div>
      <div className="row wrap">
        <SeverityTag severity={detail.severity} size={22} />
        <span className="state" data-state={state}>
          {pending ? w.alarms.acking : w.state[state]}
        </span>
        <span className="grow" />
        {may && needsAck(live ?? detail) && (
          <Button
            type="primary"
            disabled={pending}
            onClick={() => void acknowledge([detail.alarm], w.alarms.ackFailed)}
            aria-label={w.alarms.ackOne(text(last.text))}
          >
            {w.alarms.ack}
          </Button>
        )}
      </div>
      <h2 className="drawer-title">{text(last.text)}</h2>
      <AlarmMarks last={last} zone={zone} />
      {last.hush && <AlarmHush hush={last.hush} zone={zone} />}
      <Facts detail={detail} points={points} />
      {may && <AlarmActions detail={detail} done={reload} />}
      <Remarks detail={detail} />
      <Timeline detail={detail} points={points} />
      <Deliveries detail={detail} />
      <Evidence detail={detail} points={points} />
      <Proof key={detail.episode} detail={detail} points={points} />
    </div>
  )
}

function Facts({ detail, points }: { detail: AlarmDetail; points: Points }) {
  const { lang, w, text } = useLanguage()
  const { last } = detail
  const zone = useZone(last.site)
  const site = useDesk((d) => d.sites.value?.find((found) => found.site === last.site))
  const now = useNow()
  const owner = ownerOf(detail.remarks)
  const desk = useDutyTree().value?.desks.find((each) => each.desk === last.desk)
  const mayTry = useMay('supervisor') && !isOwn(last.rule)
  const since = Date.parse(last.since ?? detail.raised)
  const value = measured(last.value, last, { points, lang })
  const limit = measured(last.limit, last, { points, lang })
  const rows: readonly (readonly [string, React.ReactNode])[] = [
    [
      w.alarms.site,
      <a key="site" href={siteHref(last.site)}>
        {site ? text(site.name) : last.site}
      </a>,
    ],
    [w.alarms.since, `${dateTime(since, zone)} (${ago(now - since, lang)})`],
    ...(detail.cleared === undefined ? [] : [[w.alarms.cleared, dateTime(Date.parse(detail.cleared), zone)] as const]),
    ...(value === undefined ? [] : [[w.drawer.value, value] as const]),
    ...(limit === undefined ? [] : [[w.drawer.limit, limit] as const]),
    [
      w.alarms.rule,
      <span key="rule">
        {w.rule[last.rule] ?? last.rule} (<span className="mono">{last.instance}</span>)
        {mayTry && (
          <a className="link under" href={trialHref(last.instance)}>
            {w.rules.fromAlarm}
          </a>
        )}
      </span>,
    ],
    ...(last.clause === undefined ? [] : [[w.drawer.clause, last.clause] as const]),
    [w.drawer.key, <About key="key" last={last} />],
    ...(owner === undefined ? [] : [[w.remarks.owner, owner] as const]),
    ...(last.desk === undefined
      ? []
      : [
          [
            w.marks.called,
            `${desk ? text(desk.name) : last.desk}${last.level ? ` (${w.marks.level[last.level]})` : ''}`,
          ] as const,
        ]),
    [w.alarms.count, String(detail.episode)],
  ]
  return (
    <dl className="facts drawer-section">
      {rows.map(([name, value]) => [<dt key={`${name}-t`}>{name}</dt>, <dd key={`${name}-d`}>{value}</dd>])}
    </dl>
  )
}

/** What the alarm is about; another alarm, or a hazard, is a step away. */
function About({ last: { rule, key } }: { last: AlarmDetail['last'] }) {
  if (rule === 'response-clock')
    return (
      <button type="button" className="link-button mono" onClick={() => openAlarm(key)}>
        {key}
      </button>
    )
  if (rule === 'hazard-overdue')
    return (
      <a className="link mono" href={hazardHref(key)}>
        {key}
      </a>
    )
  return <span className="mono">{key}</span>
}
