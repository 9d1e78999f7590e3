/** The numbers of a rule item as a form: what is in force stands beside what is tried. */
import { Button, Input, Select } from 'antd'
import type { RuleBody } from '../api/types.ts'
import { type Changes, changed, type Field } from '../format/proposal.ts'
import { withUnit } from '../format/value.ts'
import { useLanguage } from '../i18n/language.ts'
import type { Lang, Words } from '../i18n/words.ts'

/** Fields that are in the unit of the points. */
const IN_UNIT: ReadonlySet<string> = new Set(['high', 'low', 'clear', 'by', 'floor', 'ceiling', 'arc'])

/** `90s` as people read it. */
function durationWords(text: string, lang: Lang): string {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? []
  if (amount === undefined) return text
  const units: Record<string, string> =
    lang === 'zh'
      ? { ms: '毫秒', s: '秒', m: '分钟', h: '小时', d: '天' }
      : { ms: 'ms', s: 's', m: 'min', h: 'h', d: 'd' }
  return `${amount}\u00a0${units[unit]}`
}

/** A field's value in force, with its unit. */
export function valueWords(
  { kind, name, value }: Field,
  { rule, lang, w }: { readonly rule: Pick<RuleBody, 'unit'>; readonly lang: Lang; readonly w: Words },
): string {
  if (value === '') return w.common.none
  if (kind === 'duration') return durationWords(value, lang)
  if (kind === 'choice') return optionWords(value, w)
  return withUnit(value, unitOf(name, rule))
}

const unitOf = (name: string, rule: Pick<RuleBody, 'unit'>): string | undefined =>
  IN_UNIT.has(name) ? rule.unit : undefined

const optionWords = (value: string, w: Words): string =>
  (w.severity as Record<string, string>)[value] ?? w.trial.option[value] ?? value

interface Props {
  readonly rule: RuleBody
  readonly fields: readonly Field[]
  readonly changes: Changes
  /** What the service has against a field, by path. */
  readonly flaws: ReadonlyMap<string, string>
  change(path: string, value: string): void
  reset(): void
}

export function TrialFields({ rule, fields, changes, flaws, change, reset }: Props) {
  const { w } = useLanguage()
  const groups = [...Map.groupBy(fields, (field) => field.group ?? '')]
  const different = new Set(changed(fields, changes).map(({ path }) => path))
  return (
    <div className="trial-fields">
      {groups.map(([group, inside]) => (
        <fieldset key={group} className="trial-group">
          <legend>{group === '' ? rule.id : groupWords(group, { rule, w })}</legend>
          {inside.map((field) => (
            <Row
              key={field.path}
              field={field}
              rule={rule}
              value={changes[field.path] ?? field.value}
              different={different.has(field.path)}
              flaw={flaws.get(field.path)}
              change={change}
            />
          ))}
        </fieldset>
      ))}
      {different.size > 0 && (
        <Button type="text" onClick={reset}>
          {w.trial.reset}
        </Button>
      )}
    </div>
  )
}

function groupWords(group: string, { rule, w }: { rule: RuleBody; w: Words }): string {
  const known = w.trial.groups[group] ?? group
  return rule.rule === 'limit' ? w.trial.level(known) : known
}

interface RowProps {
  readonly field: Field
  readonly rule: RuleBody
  readonly value: string
  readonly different: boolean
  readonly flaw: string | undefined
  change(path: string, value: string): void
}

function Row({ field, rule, value, different, flaw, change }: RowProps) {
  const { lang, w } = useLanguage()
  const { path, name, kind, group } = field
  const label = w.trial.field[name] ?? name
  const note = `trial-${path}`
  const full = group === undefined ? label : `${groupWords(group, { rule, w })}: ${label}`
  const common = {
    'aria-label': full,
    'aria-describedby': note,
    ...(flaw !== undefined && { status: 'error' as const }),
  }
  return (
    <div className="trial-row" data-changed={different || undefined}>
      <span className="trial-label">{label}</span>
      {kind === 'choice' ? (
        <Select
          {...common}
          value={value}
          onChange={(next: string) => change(path, next)}
          options={[
            ...(field.value === '' ? [{ value: '', label: w.common.none }] : []),
            ...(field.options ?? []).map((option) => ({ value: option, label: optionWords(option, w) })),
          ]}
        />
      ) : (
        <Input
          {...common}
          value={value}
          inputMode={kind === 'number' ? 'decimal' : 'text'}
          onChange={(event) => change(path, event.target.value)}
          placeholder={kind === 'duration' ? w.trial.durationHint : ''}
          suffix={kind === 'number' ? unitOf(name, rule) : undefined}
          maxLength={40}
        />
      )}
      <span id={note} className="under" role={flaw === undefined ? undefined : 'alert'} data-flaw={flaw !== undefined}>
        {flaw ??
          (different
            ? `${w.trial.changed} · ${w.trial.inForce(valueWords(field, { rule, lang, w }))}`
            : kind === 'duration' && value !== ''
              ? durationWords(value, lang)
              : '')}
      </span>
    </div>
  )
}
