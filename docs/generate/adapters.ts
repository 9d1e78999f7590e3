/** The reference of the source adapters: what each is and which settings it takes. */
import { ADAPTERS } from '../../src/adapters/index.ts'
import { table } from './table.ts'

/** `adapters.md`. */
export async function adaptersReference(): Promise<Readonly<Record<string, string>>> {
  const parts = [
    '# Adapters',
    'Ways in. An item under `sources:` of `davy.yaml` names one by `adapter:`, may give it a `name:`, and holds its settings beside. The embedded broker stands under `mqtt:`; readings by HTTP need no adapter ([API](api.md)). Whatever the protocol, a message is acknowledged to its sender only once the journal has it on disk; how far each protocol can carry that, and what was seen of real devices, stands on the page of each adapter. Each item can be added, changed and taken away while the others go on: [configuration that changes](../operations.md#configuration-that-changes).',
  ]
  for (const [name, load] of Object.entries(ADAPTERS)) {
    const { title, settings } = await load()
    parts.push(
      `## ${name}`,
      `**${title.en}** · ${title.zh}. Delivery, behaviour and traps: [${name}](../adapters/${name}.md).`,
      table(settings),
    )
  }
  return { 'adapters.md': `${parts.join('\n\n')}\n` }
}
