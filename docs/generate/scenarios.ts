/** The reference of the simulators' scenarios: what each plays, and the alarms that must come of it. */
import { SCENARIOS } from '../../simulators/index.ts'
import { cell } from './table.ts'

/** `scenarios.md`. */
export function scenariosReference(): Readonly<Record<string, string>> {
  const parts = [
    '# Scenarios',
    'What `davy demo` plays in turn, and `davy simulate NAME` against a running service. Under the example configuration each raises exactly the alarms named, which have cleared by its end; `simulators/scenarios.test.ts` holds them to it in virtual time.',
    [
      '| name | what happens | 情景 | alarms |',
      '|---|---|---|---|',
      ...[...SCENARIOS.values()].map(({ name, title, description, expects }) => {
        const alarms = expects.map(({ site, rule, key }) => `\`${rule}\` ${site} \`${key}\``)
        const told = (language: 'zh' | 'en') => cell(`**${title[language]}** · ${description[language]}`)
        return `| \`${name}\` | ${told('en')} | ${told('zh')} | ${alarms.join('<br>') || 'none'} |`
      }),
    ].join('\n'),
  ]
  return { 'scenarios.md': `${parts.join('\n\n')}\n` }
}
