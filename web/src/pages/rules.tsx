/** The rules in force, and trying other numbers of one of them on the past. */
import type { RuleList } from '../api/types.ts'
import { useLanguage } from '../i18n/language.ts'
import { RuleTable } from '../parts/rule-table.tsx'
import { Nothing, Show } from '../parts/states.tsx'
import { Trial } from '../parts/trial.tsx'
import { useFetched } from '../store/fetched.ts'
import type { Route } from '../store/route.ts'

export default function Rules({ route: { name, params } }: { route: Route }) {
  const { w } = useLanguage()
  const of = useFetched<RuleList>('rules')
  return (
    <Show of={of} retry={of.reload} lines={8}>
      {({ rules }) => {
        if (name === undefined) return <RuleTable rules={rules} text={params.get('text') ?? ''} />
        const rule = rules.find(({ id }) => id === name)
        return rule ? <Trial key={rule.id} rule={rule} /> : <Nothing title={w.trial.unknownRule} detail={name} />
      }}
    </Show>
  )
}
