/** What a proof says: verdict, decision, rule, readings, states, and its place in the audit chain. */
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { type Bundle, type Proof, ruleText } from '../api/evidence.ts'
import { save } from '../api/files.ts'
import type { PointBody } from '../api/types.ts'
import { exactTime } from '../format/time.ts'
import { number, valueText, withUnit } from '../format/value.ts'
import { useLanguage } from '../i18n/language.ts'
import { Hash } from './hash.tsx'
import { Glyph } from './icons.tsx'
import { ProofAudit } from './proof-audit.tsx'
import { useZone } from './zone.ts'

interface Props {
  readonly proof: Proof
  /** Of the alarm's site, for kinds and units. */
  readonly points: readonly PointBody[]
}

export function ProofReport({ proof, points }: Props) {
  const { w, text } = useLanguage()
  const { bundle, verdict } = proof
  const { rule, configurations } = bundle
  const quoted = ruleText(bundle)
  const facts: readonly (readonly [string, ReactNode])[] = [
    [w.proof.decision, <b key="d">{text(bundle.decision)}</b>],
    [w.proof.rule, `${w.rule[rule.rule] ?? rule.rule} (${rule.id})`],
    [w.proof.version, <Hash key="v" of={rule.version} />],
    [w.proof.regulation, `${text(rule.regulation.title)}${rule.clause === undefined ? '' : ` · ${rule.clause}`}`],
    [w.proof.configuration, configurations.map(({ hash }) => <Hash key={hash} of={hash} />)],
    [w.proof.seal, <Hash key="s" of={bundle.seal} />],
    [w.proof.steps, <Steps key="t" bundle={bundle} />],
    [w.proof.entries, number(bundle.entries.length)],
  ]
  return (
    <div className="proof">
      <ul className="verdict" aria-label={w.proof.reproduced}>
        <Held name={w.proof.reproduced} holds={verdict.reproduced} />
        <Held name={w.proof.sealed} holds={verdict.sealed} />
        <Held name={w.proof.configured} holds={verdict.configured} />
      </ul>
      <p>
        <Button type="primary" onClick={() => save(proof)}>
          {w.proof.download}
        </Button>
        <span className="under">{w.proof.downloadHint}</span>
      </p>
      <dl className="facts">
        {facts.map(([name, value]) => [<dt key={`${name}-t`}>{name}</dt>, <dd key={`${name}-d`}>{value}</dd>])}
      </dl>
      {bundle.cut && <p className="inline-note">{w.proof.cut}</p>}
      {quoted && (
        <details>
          <summary>{w.proof.ruleText(quoted.path)}</summary>
          <pre className="payload">{quoted.text}</pre>
        </details>
      )}
      <Readings bundle={bundle} points={points} />
      <details>
        <summary>{w.proof.states}</summary>
        <h4>{w.proof.before}</h4>
        <pre className="payload">{JSON.stringify(bundle.before, null, 1)}</pre>
        <h4>{w.proof.after}</h4>
        <pre className="payload">{JSON.stringify(bundle.after, null, 1)}</pre>
      </details>
      <ProofAudit bundle={bundle} />
    </div>
  )
}

function Held({ name, holds }: { name: string; holds: boolean }) {
  const { w } = useLanguage()
  return (
    <li className="flag" data-tone={holds ? 'ok' : 'critical'}>
      <Glyph name={holds ? 'check' : 'alert'} size={16} />
      {name}: {holds ? w.proof.yes : w.proof.no}
    </li>
  )
}

function Steps({ bundle: { transitions } }: { bundle: Bundle }) {
  const { w } = useLanguage()
  const [first] = transitions
  if (!first) return w.common.none
  return [w.state[first.from], ...transitions.map(({ to }) => w.state[to])]
    .filter((state, index, all) => state !== all[index - 1])
    .join(' → ')
}

function Readings({ bundle: { readings, site }, points }: { bundle: Bundle; points: readonly PointBody[] }) {
  const { lang, w } = useLanguage()
  const zone = useZone(site)
  const said = (point: string, value: unknown) => {
    const known = points.find(({ id }) => id === point)
    return withUnit(valueText(value, { kind: known?.kind ?? '', lang }), known?.unit)
  }
  return (
    <div>
      <h4>
        {w.proof.readings} <span className="quiet">{readings.length}</span>
      </h4>
      {readings.length === 0 ? (
        <p className="quiet">{w.proof.noReadings}</p>
      ) : (
        <div className="scroll">
          <table className="plain small stacked" aria-label={w.proof.readings}>
            <thead>
              <tr>
                <th scope="col">{w.site.point}</th>
                <th scope="col">{w.site.value}</th>
                <th scope="col">{w.proof.quality}</th>
                <th scope="col">
                  {w.drawer.measured} / {w.proof.arrived} ({zone})
                </th>
                <th scope="col" className="num">
                  {w.proof.entry}
                </th>
              </tr>
            </thead>
            <tbody>
              {readings.map((reading) => (
                <tr key={reading.offset}>
                  <td className="mono wide">
                    {reading.point}
                    {reading.ref !== undefined && <span className="under">{reading.ref}</span>}
                  </td>
                  <td data-label={w.site.value}>{said(reading.point, reading.value)}</td>
                  <td data-label={w.proof.quality}>
                    {w.quality[reading.quality] ?? reading.quality}
                    {reading.status !== undefined && <span className="under">{reading.status}</span>}
                  </td>
                  <td className="nowrap" data-label={`${w.drawer.measured} / ${w.proof.arrived}`}>
                    {exactTime(Date.parse(reading.ts), zone)}
                    <span className="under">{exactTime(Date.parse(reading.received), zone)}</span>
                  </td>
                  <td className="num" data-label={w.proof.entry}>
                    {reading.offset}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  )
}
