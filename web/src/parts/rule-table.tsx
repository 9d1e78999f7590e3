/** The rule items in force, with their numbers, and the way to try others. */
import { Input } from 'antd'
import type { RuleBody } from '../api/types.ts'
import { fieldsOf } from '../format/proposal.ts'
import { severitiesOf } from '../format/severities.ts'
import { useLanguage } from '../i18n/language.ts'
import { useDesk } from '../store/desk.ts'
import { useMay } from '../store/may.ts'
import { setParams, trialHref } from '../store/route.ts'
import { SeverityTag } from './severity.tsx'
import { Nothing } from './states.tsx'
import { valueWords } from './trial-fields.tsx'

interface Props {
  readonly rules: readonly RuleBody[]
  /** Of the filter; kept in the address. */
  readonly text: string
}

export function RuleTable({ rules, text: filter }: Props) {
  const { w, text } = useLanguage()
  const words = filter.toLowerCase().split(/\s+/)
  const shown = rules.filter((rule) => {
    const hay = `${rule.id} ${rule.title.zh} ${rule.title.en} ${w.rule[rule.rule] ?? rule.rule} ${rule.regulation} ${rule.clause ?? ''} ${rule.sites.join(' ')}`
    return words.every((word) => hay.toLowerCase().includes(word))
  })
  return (
    <div className="stack">
      <h1>{w.rules.title}</h1>
      <section className="panel" aria-label={w.rules.title}>
        <header className="wrap">
          <Input
            allowClear
            value={filter}
            onChange={(event) => setParams({ text: event.target.value }, { replace: true })}
            placeholder={w.rules.filter}
            aria-label={w.rules.filter}
            style={{ maxWidth: 320 }}
          />
        </header>
        {rules.length === 0 ? (
          <Nothing title={w.rules.none} detail={w.rules.noneDetail} />
        ) : shown.length === 0 ? (
          <Nothing title={w.rules.noMatch} />
        ) : (
          <div className="sideways">
            <table className="plain stacked" aria-label={w.rules.title}>
              <thead>
                <tr>
                  <th scope="col">{w.alarms.severity}</th>
                  <th scope="col">{w.rules.item}</th>
                  <th scope="col">{w.rules.numbers}</th>
                  <th scope="col">{w.rules.regulation}</th>
                  <th scope="col">{w.rules.sites}</th>
                  <th scope="col">
                    <span className="sr">{w.alarms.actions}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {shown.map((rule) => (
                  <Row key={rule.id} rule={rule} name={text(rule.title)} />
                ))}
              </tbody>
            </table>
          </div>
        )}
      </section>
    </div>
  )
}

function Row({ rule, name }: { rule: RuleBody; name: string }) {
  const { w, text } = useLanguage()
  const may = useMay('supervisor')
  const sites = useDesk((d) => d.sites.value)
  const named = (id: string) => {
    const site = sites?.find((found) => found.site === id)
    return site ? text(site.name) : id
  }
  return (
    <tr>
      <td data-label={w.alarms.severity}>
        {severitiesOf(rule).map((severity) => (
          <div key={severity}>
            <SeverityTag severity={severity} size={16} />
          </div>
        ))}
      </td>
      <td className="wide">
        <b>{name}</b>
        <span className="under">
          {w.rule[rule.rule] ?? rule.rule} · <span className="mono">{rule.id}</span>
        </span>
      </td>
      <td className="wide" data-label={w.rules.numbers}>
        <Numbers rule={rule} />
      </td>
      <td data-label={w.rules.regulation}>
        {rule.regulation}
        {rule.clause !== undefined && <span className="under">{rule.clause}</span>}
      </td>
      <td data-label={w.rules.sites}>
        {rule.sites.length === 0 ? w.rules.everywhere : rule.sites.map(named).join(' · ')}
      </td>
      <td className="num nowrap">
        {may && (
          <a className="link" href={trialHref(rule.id)} aria-label={w.rules.tryOne(name)}>
            {w.rules.tryIt}
          </a>
        )}
      </td>
    </tr>
  )
}

const SHOWN = 4

/** The first few; delays of nothing say nothing. */
function Numbers({ rule }: { rule: RuleBody }) {
  const { lang, w } = useLanguage()
  const fields = fieldsOf(rule).filter(({ name, value }) => value !== '' && value !== '0s' && name !== 'severity')
  if (fields.length === 0) return <span className="dim">{w.common.none}</span>
  return (
    <ul className="figures">
      {fields.slice(0, SHOWN).map((field) => (
        <li key={field.path}>
          <span className="quiet">
            {field.group === undefined ? '' : `${w.trial.groups[field.group] ?? field.group}: `}
            {w.trial.field[field.name] ?? field.name}
          </span>{' '}
          <b>{valueWords(field, { rule, lang, w })}</b>
        </li>
      ))}
      {fields.length > SHOWN && <li className="dim">…</li>}
    </ul>
  )
}
