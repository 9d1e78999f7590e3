/** The reference of the rules: what each is about, takes, and is tested for. */
import { readdir, readFile } from 'node:fs/promises'
import { parse, stringify } from 'yaml'
import type { Shape } from '../../src/app/config/shape.ts'
import type { Rule } from '../../src/model/rule.ts'
import { formatDuration } from '../../src/model/time.ts'
import { RULES } from '../../src/rules/index.ts'
import { table } from './table.ts'

const ROOT = new URL('../../', import.meta.url)

type Item = Readonly<Record<string, unknown>> & { readonly rule: string }

/** `rules.md`. */
export async function rulesReference(): Promise<Readonly<Record<string, string>>> {
  const examples = await exampleItems()
  const parts = [
    '# Rules',
    'Every item under `rules:` of a [pack](configuration.md#rulesyaml) names one of these. Beside its own parameters each takes the keys that [every rule item](configuration.md#every-rule-item) has. How to write, check and test a pack: [rules](../rules.md).',
  ]
  for (const rule of RULES.values()) parts.push(...(await section(rule, examples.get(rule.name))))
  return { 'rules.md': `${parts.join('\n\n')}\n` }
}

async function section(rule: Rule, example: Item | undefined): Promise<readonly string[]> {
  const { name, title, key, watches, hears, matches, defaults } = rule
  const cases = await caseNames(name)
  return [
    `## ${name}`,
    `**${title.en}** · ${title.zh}`,
    await about(name),
    [
      '| | |',
      '|---|---|',
      `| one alarm a | ${key} |`,
      `| \`match\` looks at | ${matches} |`,
      `| watches | ${watched(watches)}${hears ? `; hears from the whole site ${watched(hears)}` : ''} |`,
      `| \`severity\` | \`${defaults.severity}\` |`,
      `| \`raiseAfter\` | \`${formatDuration(defaults.raiseAfter)}\` |`,
      `| \`clearAfter\` | \`${formatDuration(defaults.clearAfter)}\` |`,
    ].join('\n'),
    Object.keys((rule.params as Shape).properties ?? {}).length > 0 ? table(rule.params) : 'No parameters of its own.',
    ...(example
      ? [`As the example installation has it:\n\n\`\`\`yaml\n${stringify([example]).trimEnd()}\n\`\`\``]
      : []),
    `What is tested, in [cases.yaml](../../src/rules/${name}/cases.yaml):`,
    cases.map((one) => `- ${one}`).join('\n'),
  ]
}

function watched(kinds: readonly string[]): string {
  if (kinds.length === 0) return 'who is where (`card.reader`, `gate`)'
  if (kinds.length > 12) return `${kinds.length} [kinds](readings.md#kinds-of-points)`
  return kinds.map((kind) => `\`${kind}\``).join(' ')
}

/** The first sentence of the rule's module, without its name in front. */
async function about(name: string): Promise<string> {
  const text = await readFile(new URL(`src/rules/${name}/index.ts`, ROOT), 'utf8')
  const sentence = /^\/\*\* `[a-z-]+`: (.*?) ?\*\//s.exec(text)?.[1]
  if (!sentence) throw new Error(`src/rules/${name}/index.ts does not open with what the rule is about`)
  const flat = sentence.replaceAll(/\n \* ?/g, ' ')
  return flat[0]!.toUpperCase() + flat.slice(1)
}

async function caseNames(name: string): Promise<readonly string[]> {
  const text = await readFile(new URL(`src/rules/${name}/cases.yaml`, ROOT), 'utf8')
  const { cases } = parse(text) as { cases: readonly { case: string }[] }
  return cases.map((one) => one.case)
}

/** The first item of the example installation for each rule, less what only documents it. */
async function exampleItems(): Promise<ReadonlyMap<string, Item>> {
  const found = new Map<string, Item>()
  const folder = new URL('config/rules/', ROOT)
  const files = (await readdir(folder)).filter((file) => file.endsWith('.yaml') && !file.endsWith('.cases.yaml')).sort()
  for (const file of files.reverse()) {
    const { rules = [] } = parse(await readFile(new URL(file, folder), 'utf8')) as { rules: readonly Item[] }
    for (const item of rules) if (!found.has(item.rule)) found.set(item.rule, item)
  }
  return found
}
