/** The filters of alarm lists, kept in the address. */
import { Button, Input, type InputRef, Select } from 'antd'
import type { Ref } from 'react'
import { SEVERITIES } from '../api/types.ts'
import { useLanguage } from '../i18n/language.ts'
import type { AlarmFilter } from '../store/alarms.ts'
import { useDesk } from '../store/desk.ts'
import { setParams } from '../store/route.ts'

const FIELDS = ['text', 'site', 'severity', 'state', 'rule'] as const

export function filterOf(params: URLSearchParams): AlarmFilter {
  const filter: Partial<Record<(typeof FIELDS)[number], string>> = {}
  for (const name of FIELDS) {
    const value = params.get(name)
    if (value) filter[name] = value
  }
  return filter
}

interface Props {
  readonly filter: AlarmFilter
  readonly states: readonly ('unacked' | 'acked' | 'rtn-unacked' | 'normal')[]
  /** The list is fetched by page, so text cannot be looked for in it. */
  readonly withText?: boolean
  readonly input?: Ref<InputRef>
}

export function AlarmFilters({ filter, states, withText = true, input }: Props) {
  const { w, text } = useLanguage()
  const sites = useDesk((d) => d.sites.value) ?? []
  const change = (name: (typeof FIELDS)[number]) => (value: string) => setParams({ [name]: value }, { replace: true })
  const any = FIELDS.some((name) => filter[name])
  return (
    <search className="filters">
      {withText && (
        <Input
          {...(input ? { ref: input } : {})}
          allowClear
          value={filter.text ?? ''}
          onChange={(event) => change('text')(event.target.value)}
          onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
          placeholder={w.alarms.filterText}
          aria-label={w.alarms.filterText}
          style={{ width: 270 }}
        />
      )}
      <Select
        value={filter.site ?? ''}
        onChange={change('site')}
        aria-label={w.alarms.site}
        style={{ width: 170 }}
        options={[
          { value: '', label: w.alarms.anySite },
          ...sites.map((s) => ({ value: s.site, label: text(s.name) })),
        ]}
      />
      <Select
        value={filter.severity ?? ''}
        onChange={change('severity')}
        aria-label={w.alarms.severity}
        style={{ width: 150 }}
        options={[
          { value: '', label: w.alarms.anySeverity },
          ...SEVERITIES.map((value) => ({ value, label: w.severity[value] })),
        ]}
      />
      <Select
        value={filter.state ?? ''}
        onChange={change('state')}
        aria-label={w.alarms.state}
        style={{ width: 190 }}
        options={[
          { value: '', label: w.alarms.anyState },
          ...states.map((value) => ({ value, label: w.state[value] })),
        ]}
      />
      <Select
        value={filter.rule ?? ''}
        onChange={change('rule')}
        aria-label={w.alarms.rule}
        style={{ width: 170 }}
        options={[
          { value: '', label: w.alarms.anyRule },
          ...Object.entries(w.rule).map(([value, label]) => ({ value, label })),
        ]}
      />
      {any && (
        <Button
          type="text"
          onClick={() => setParams(Object.fromEntries(FIELDS.map((name) => [name, undefined])), { replace: true })}
        >
          {w.alarms.reset}
        </Button>
      )}
    </search>
  )
}
