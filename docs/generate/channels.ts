/** The reference of notification channels: what each is, which settings it takes, and what templates may say. */
import { CHANNELS } from '../../src/adapters/channels.ts'
import { PLACEHOLDERS } from '../../src/app/notify/placeholders.ts'
import { formatDuration } from '../../src/model/time.ts'
import { table } from './table.ts'

/** `channels.md`. */
export async function channelsReference(): Promise<Readonly<Record<string, string>>> {
  const parts = [
    '# Channels of notifications',
    'An item under `notify.channels` of `davy.yaml` names one by `adapter:`, may give it `name:`, `rate:` and `timeout:` ([configuration](configuration.md)), and holds its own settings beside. How to set each up, and what is delivered how: [notifications](../notifications.md).',
  ]
  for (const [name, load] of Object.entries(CHANNELS)) {
    const { title, settings, reach, rate } = await load()
    const reached = reach === 'group' ? 'one message for all' : `one message for each recipient with a \`${reach}\``
    parts.push(
      `## ${name}`,
      `**${title.en}** · ${title.zh}. Reaches: ${reached}. Rate where none is configured: ${rate.messages} messages in ${formatDuration(rate.per)}.`,
      table(settings),
    )
  }
  const rows = Object.entries(PLACEHOLDERS).map(([name, what]) => `| \`{${name}}\` | ${what} |`)
  parts.push('## Placeholders of templates', ['| placeholder | stands for |', '|---|---|', ...rows].join('\n'))
  return { 'channels.md': `${parts.join('\n\n')}\n` }
}
