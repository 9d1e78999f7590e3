/** The API's description is whole: every route in it, every reference resolved, every operation explained. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ALARM_COMMANDS } from '../../model/command.ts'
import { ACCESS } from '../auth/permissions.ts'
import { type Bench, openBench } from './test-service.ts'

interface Operation {
  summary?: string
  operationId?: string
  tags?: string[]
  security?: unknown[]
  parameters?: { name: string; in: string; required?: boolean; schema: unknown }[]
  requestBody?: { content: Record<string, { schema: unknown }> }
  responses: Record<string, { description?: string; content?: Record<string, { schema: unknown }> }>
}
interface Document {
  openapi: string
  info: { title: string; version: string }
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, unknown>; securitySchemes: Record<string, unknown> }
}

let bench: Bench
let document: Document
let operations: [string, Operation][]

beforeAll(async () => {
  bench = await openBench()
  document = (await (await bench.call('/openapi.json')).json()) as Document
  operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]): [string, Operation] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  )
})
afterAll(() => bench.close())

test('it is OpenAPI 3.1', () => {
  expect(document.openapi).toBe('3.1.0')
  expect(document.info).toMatchObject({ title: 'Davylamp' })
})

test('every route of the table of permissions is in it, and nothing else', () => {
  const told = operations.map(([name]) => name)
  const wanted = Object.keys(ACCESS)
    .filter((route) => !route.endsWith(' /*'))
    .flatMap((route) => {
      const url = route.replaceAll(/:(\w+)/g, '{$1}').replace('points/*', 'points/{point}/history')
      if (route === 'POST /api/v1/alarms/*') {
        return ALARM_COMMANDS.map((command) => url.replace('*', `{id}/${command}`))
      }
      if (route === 'GET /api/v1/alarms/*') return [url.replace('*', '{id}'), url.replace('*', '{id}/evidence')]
      return [url.replace('*', '{id}')]
    })
  expect(told.toSorted()).toEqual(wanted.toSorted())
})

test('every route of the table exists: none of them answers route-unknown', async () => {
  for (const route of Object.keys(ACCESS).filter((one) => !one.endsWith(' /*'))) {
    const [method, url] = route.split(' ') as [string, string]
    expect(bench.app.hasRoute({ method: method as 'GET', url }), route).toBe(true)
  }
})

test('every operation is explained, and its path parameters are declared', () => {
  const ids = operations.map(([, { operationId }]) => operationId)
  expect(new Set(ids).size).toBe(operations.length)
  for (const [name, { summary, operationId, tags, parameters = [], responses }] of operations) {
    expect(summary && operationId && tags?.length, name).toBeTruthy()
    const named = [...name.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter)
    const declared = parameters.filter((p) => p.in === 'path')
    expect(declared.map((p) => p.name).toSorted(), name).toEqual(named.toSorted())
    for (const parameter of declared) expect(parameter.required).toBe(true)
    for (const [status, response] of Object.entries(responses)) {
      expect(status).toMatch(/^[1-5]\d\d$/)
      expect(response.description, `${name} ${status}`).toBeTruthy()
      if (Number(status) >= 400)
        expect(Object.keys(response.content ?? {}), `${name} ${status}`).toEqual(['application/problem+json'])
    }
    expect(
      Object.keys(responses).some((status) => status.startsWith('2')),
      name,
    ).toBe(true)
  }
})

test('every guarded operation tells of 401 and 403; open ones ask for nothing', () => {
  for (const [name, { security, responses }] of operations) {
    const path = name.split(' ')[1]!
    if (['/healthz', '/readyz', '/openapi.json'].includes(path) || name === 'POST /api/v1/session') {
      expect(security, name).toEqual([])
    } else {
      expect(responses['401'] && responses['403'], name).toBeTruthy()
    }
  }
})

test('every reference resolves', () => {
  const refs = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref!)
  expect(new Set(refs)).toEqual(new Set(['#/components/schemas/Problem']))
  expect(document.components.schemas.Problem).toMatchObject({ type: 'object' })
})
