/** Requests nobody should send: made from the service's own description of its routes, well formed up to the one place where they are not. */
import { type Agent, request } from 'node:http'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'

/** What of `/openapi.json` is read here. */
export interface Described {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
  readonly responses: Readonly<Record<string, unknown>>
}

interface Schema {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly pattern?: string
  readonly anyOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly minimum?: number
  readonly maximum?: number
  readonly maxLength?: number
}

/** What the service knows, by the name of the field or parameter: hits where nonsense alone would only miss. */
export type Known = Readonly<Record<string, readonly string[]>>

export interface Hostile {
  readonly method: string
  /** The route as it is described. */
  readonly template: string
  /** As written on the request line. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Buffer | undefined
  /** Statuses that the description has for the route. */
  readonly allowed: ReadonlySet<number>
}

export interface Answer {
  readonly status: number
  readonly type: string
  readonly text: string
}

const WORDS = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  'x\udfff',
  '\u202e',
  '\ufeff',
  '🧨'.repeat(40),
  '班组',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  "' OR 1=1 --",
  '%',
  '_',
  '*',
  '../../etc/passwd',
  '<script>alert(1)</script>',
  '=1+1',
  '$(reboot)',
  '{{7*7}}',
  'null',
  'NaN',
  '-1',
  '0',
  '1e999',
  '9007199254740993',
  '99999999999999999999',
  '\r\nset-cookie: a=b',
  'x'.repeat(5_000),
] as const
const TIMES = [
  '2026-11-24T00:00:00Z',
  '2026-11-25T12:00:00Z',
  '2026-12-01T12:00:00Z',
  '0',
  '-1',
  '1777593600000',
  '8640000000000000',
  '8640000000000001',
  '-8640000000000000',
  '9007199254740991',
  '2026-05-01',
  '2026-05-01T08:00:00+08:00',
  '2026-13-01T00:00:00Z',
  '9999-12-31T23:59:59Z',
  '0000-01-01T00:00:00Z',
  '0001-01-01T00:00:00+14:00',
  '+275760-09-13T00:00:00Z',
  '2026-05-01T08:00:00+99:99',
] as const
const SPANS = [
  '0s',
  '1s',
  '1ms',
  '90s',
  '10m',
  '8h',
  '999999999d',
  '1e9h',
  '-5s',
  '0.0001s',
  '99999999999999999999d',
] as const

const word = fc.oneof(fc.constantFrom(...WORDS), fc.string({ unit: 'binary', maxLength: 20 }))
const number = fc.oneof(
  fc.constantFrom(
    0,
    -0,
    -1,
    1,
    1e308,
    -1e308,
    5e-324,
    2 ** 53,
    -(2 ** 53),
    8.64e15,
    8.64e15 + 1,
    0.1,
    2 ** 31,
    2 ** 32,
  ),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
)
const odd: fc.Arbitrary<unknown> = fc.oneof(
  word,
  number,
  fc.constantFrom<unknown>(null, true, [], {}, [[]], { __proto__: null }, [null], { zh: 1 }),
  fc.jsonValue({ maxDepth: 3 }),
)

const TIME = /^(from|to|until|tested|deadline|opened|ts|date)$/
const SPAN = /^(every|for|raiseAfter|clearAfter)$/

/** Words for a field: mostly of those it may hold, where those are known. */
function wordsFor(name: string, known: Known): fc.Arbitrary<string> {
  const own = known[name] ?? (TIME.test(name) ? TIMES : SPAN.test(name) ? SPANS : undefined)
  if (!own) return word
  return fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...own) }, { weight: 1, arbitrary: word })
}

function fitting(name: string, schema: Schema, known: Known): fc.Arbitrary<unknown> {
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((one) => valuesOf(name, one, known)))
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if (schema.const !== undefined) return fc.constant(schema.const)
  switch (schema.type) {
    case 'object': {
      const fields = Object.entries(schema.properties ?? {})
      return fc.record(Object.fromEntries(fields.map(([field, one]) => [field, valuesOf(field, one, known)])), {
        requiredKeys: [...(schema.required ?? [])],
      })
    }
    case 'array':
      return fc.array(valuesOf(name, schema.items ?? {}, known), { maxLength: 4 })
    case 'string':
      return wordsFor(name, known).map((text) => text.slice(0, schema.maxLength))
    case 'integer':
      return fc.oneof(fc.integer({ min: schema.minimum ?? -10, max: schema.maximum ?? 1_000 }), number)
    case 'number':
      return number
    case 'boolean':
      return fc.boolean()
    default:
      return odd
  }
}

/** Nearly always what the schema asks for, so that a request gets far before it stumbles. */
function valuesOf(name: string, schema: Schema, known: Known): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 30, arbitrary: fitting(name, schema, known) }, { weight: 1, arbitrary: odd })
}

/** `encodeURIComponent` for texts that are none. */
function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}

const rawPart = fc.constantFrom(
  '%',
  '%00',
  '%zz',
  '%C0%80',
  '%ED%A0%80',
  '%2F',
  '%2e%2e',
  '..',
  '.',
  '',
  '%FF',
  ';',
  '%5c',
)

function segmentOf(name: string, known: Known): fc.Arbitrary<string> {
  return fc.oneof({ weight: 8, arbitrary: wordsFor(name, known).map(encoded) }, { weight: 1, arbitrary: rawPart })
}

function pathOf(template: string, known: Known): fc.Arbitrary<string> {
  const parts = template.split(/(\{\w+\})/)
  return fc
    .tuple(...parts.map((part) => (part.startsWith('{') ? segmentOf(part.slice(1, -1), known) : fc.constant(part))))
    .map((all) => all.join(''))
}

function queryOf(operation: Operation, known: Known): fc.Arbitrary<string> {
  const taken = (operation.parameters ?? []).filter((each) => each.in === 'query')
  const own = fc.record(Object.fromEntries(taken.map(({ name, schema }) => [name, valuesOf(name, schema, known)])), {
    requiredKeys: [],
  })
  const written = own.map((fields) =>
    Object.entries(fields).map(
      ([name, value]) => `${name}=${encoded(typeof value === 'string' ? value : JSON.stringify(value))}`,
    ),
  )
  const names = ['a', '__proto__', 'constructor', 'limit', '', ...taken.map(({ name }) => name)]
  const extra = fc.array(
    fc.tuple(fc.constantFrom(...names), fc.oneof(word.map(encoded), rawPart)).map((pair) => pair.join('=')),
    { maxLength: 2 },
  )
  return fc
    .tuple(written, fc.oneof({ weight: 6, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: extra }))
    .map(([a, b]) => [...a, ...b].join('&'))
    .map((query) => (query === '' ? '' : `?${query}`))
}

const DEEP = 20_000
const rubbish: fc.Arbitrary<string | Buffer> = fc.oneof(
  fc.constantFrom(
    '',
    '{',
    '[',
    'null',
    '"',
    '{"__proto__":{"role":"admin"}}',
    '{"constructor":{"prototype":{"role":"admin"}}}',
    '{"a":1,"a":2}',
    '\ufeff{}',
    `${'['.repeat(DEEP)}${']'.repeat(DEEP)}`,
    `${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}`,
    '1e999',
    '[1e999]',
    '{"text":"\\ud800"}',
    '{"text":"\\u0000"}',
  ),
  fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
)

const contentType = fc.oneof(
  { weight: 20, arbitrary: fc.constant('application/json') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '',
      'application/json; charset=utf-8',
      'application/json; charset=utf-7',
      'APPLICATION/JSON',
      'text/plain',
      'text/csv',
      'multipart/form-data; boundary=x',
      'application/x-www-form-urlencoded',
      'application/octet-stream',
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      'garbage',
      '/',
    ),
  },
)

const headers: fc.Arbitrary<Record<string, string>> = fc.oneof(
  { weight: 12, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Record<string, string>>(
      { 'accept-language': 'zh' },
      { 'accept-language': `${'zh;q=0.1,'.repeat(400)}*` },
      { 'accept-language': ';;q=,=\u00ff' },
      { 'idempotency-key': 'again' },
      { 'idempotency-key': '\u00ff \u00ff' },
      { cookie: 'davy_session=__proto__' },
      { cookie: 'a=%zz; =; davy_session' },
      { origin: 'null' },
      { origin: 'https://elsewhere.example' },
      { 'sec-fetch-site': 'cross-site' },
      { 'x-forwarded-for': "'" },
      { forwarded: 'for=_' },
      { 'last-event-id': '-1' },
      { 'last-event-id': '99999999999999999999' },
      { range: 'bytes=9-1' },
      { 'if-none-match': '*' },
      { 'content-encoding': 'gzip' },
      { 'content-encoding': 'bzip2' },
      { 'content-encoding': 'gzip, gzip' },
      { expect: '100-continue' },
      { 'x-http-method-override': 'DELETE' },
    ),
  },
)

/** One request, to a route of the description. */
export function hostile(document: Described, known: Known): fc.Arbitrary<Hostile> {
  const routes = Object.entries(document.paths).flatMap(([template, item]) =>
    Object.entries(item).map(([method, operation]) => ({ template, method: method.toUpperCase(), operation })),
  )
  return fc.constantFrom(...routes).chain(({ template, method, operation }) => {
    const schema = operation.requestBody?.content['application/json']?.schema
    const own = schema ? valuesOf('body', schema, known).map((value) => JSON.stringify(value)) : rubbish
    const body: fc.Arbitrary<string | Buffer | undefined> =
      method === 'GET'
        ? fc.constant(undefined)
        : fc.oneof(
            { weight: 12, arbitrary: own },
            { weight: 1, arbitrary: rubbish },
            { weight: 1, arbitrary: own.map((text) => gzipSync(text)) },
          )
    return fc
      .record({ path: pathOf(template, known), query: queryOf(operation, known), body, type: contentType, headers })
      .map(({ path, query, body, type, headers }) => ({
        method,
        template,
        path: path + query,
        headers: { ...(body !== undefined && type !== '' && { 'content-type': type }), ...headers },
        body,
        allowed: new Set(Object.keys(operation.responses).map(Number)),
      }))
  })
}

/** Sends it as it is. An event stream is left once its head is there. Rejects where no answer comes. */
export function send(
  { method, path, headers, body }: Omit<Hostile, 'allowed' | 'template'>,
  { api, agent, token }: { api: string; agent: Agent; token: string | undefined },
): Promise<Answer> {
  const { hostname, port } = new URL(api)
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  return new Promise((resolve, reject) => {
    const asked = request(
      { hostname, port, agent, method, path, headers: { ...headers, ...length, ...authorization }, timeout: 20_000 },
      (reply) => {
        const type = reply.headers['content-type'] ?? ''
        const status = reply.statusCode!
        if (type.startsWith('text/event-stream')) {
          asked.destroy()
          resolve({ status, type, text: '' })
          return
        }
        const chunks: Buffer[] = []
        reply.on('data', (chunk: Buffer) => chunks.push(chunk))
        reply.on('end', () => resolve({ status, type, text: Buffer.concat(chunks).toString() }))
        reply.on('error', reject)
      },
    )
    asked.on('timeout', () => asked.destroy(new Error('no answer')))
    asked.on('error', reject)
    asked.end(body)
  })
}
