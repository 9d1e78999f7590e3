/** The reference of the HTTP API: the OpenAPI document of a running service, and a page to read made of it. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadConfiguration } from '../../src/app/configuration.ts'
import { createLog } from '../../src/app/log.ts'
import { run } from '../../src/app/run.ts'
import { cell } from './table.ts'

interface Operation {
  readonly summary: string
  readonly description?: string
  readonly tags: readonly string[]
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required?: boolean }[]
  readonly responses: Readonly<Record<string, { readonly description: string }>>
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

/** `openapi.json` and `api.md`. */
export async function apiReference(): Promise<Readonly<Record<string, string>>> {
  const document = await openapi()
  return { 'openapi.json': `${JSON.stringify(document, null, 2)}\n`, 'api.md': page(document) }
}

/** Runs the product on the example installation, without its sources, and asks it. */
async function openapi(): Promise<Document> {
  const data = await mkdtemp(join(tmpdir(), 'davy-docs-'))
  const { installation, settings } = await loadConfiguration(fileURLToPath(new URL('../../config', import.meta.url)), {
    warn: () => {},
  })
  const running = await run({
    installation,
    settings: {
      ...settings,
      sources: [],
      listen: { ...settings.listen, host: '127.0.0.1', port: 0 },
      mqtt: { ...settings.mqtt, enabled: false },
    },
    data,
    password: 'of no matter',
    log: createLog('silent'),
  })
  try {
    return (await (await fetch(`${running.api}/openapi.json`)).json()) as Document
  } finally {
    await running.stop()
    await rm(data, { recursive: true, force: true })
  }
}

function page({ paths }: Document): string {
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  )
  const tags = [...new Set(operations.map(({ operation }) => operation.tags[0]!))]
  const parts = [
    '# HTTP API',
    'The service describes itself at `/openapi.json`; [openapi.json](openapi.json) is the same document, with every schema. Errors are problem documents (RFC 9457) whose `code` is one of [these](errors.md#problems-of-the-api).',
    ...tags.flatMap((tag) => [
      `## ${tag}`,
      [
        '| | what | query | answers |',
        '|---|---|---|---|',
        ...operations
          .filter(({ operation }) => operation.tags[0] === tag)
          .map(({ path, method, operation: { summary, description, parameters = [], responses } }) => {
            const query = parameters
              .filter((parameter) => parameter.in === 'query')
              .map(({ name, required }) => (required ? `**\`${name}\`**` : `\`${name}\``))
            const what = [`${summary}.`, description].filter(Boolean).join(' ')
            return `| \`${method} ${path}\` | ${cell(what)} | ${query.join(' ')} | ${Object.keys(responses).join(' ')} |`
          }),
      ].join('\n'),
    ]),
  ]
  return `${parts.join('\n\n')}\n`
}
