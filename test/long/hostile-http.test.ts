/** Whatever is sent to any route of a running service, by anybody: an answer that the route describes, each refusal a problem document, and the
 *  same service afterwards, also after a restart. */
import { Agent } from 'node:http'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { davy, house, type Json, type Running, start } from '../acceptance/house-rig.ts'
import { runs } from '../properties/thorough.ts'
import { FILES, furnish, KNOWN } from './hostile-house.ts'
import { type Answer, type Described, type Hostile, hostile, send } from './hostile-requests.ts'

const rented = house(FILES)
const agent = new Agent({ keepAlive: true })
let service: Running
let tokens: Readonly<Record<string, string | undefined>>
let described: Described
beforeAll(async () => {
  service = await start(rented)
  tokens = await furnish(service)
  described = (await service.get<Described>('/openapi.json')).body
})
afterAll(async () => {
  agent.destroy()
  await service?.stop()
  rented.remove()
})

const ask = (request: Pick<Hostile, 'method' | 'path' | 'headers' | 'body'>, role: string): Promise<Answer> =>
  send(request, { api: service.api, agent, token: tokens[role] })

/** What the address, the headers and the wrapping of a body can bring about at any route. */
const ANYWHERE = [400, 413, 414, 415]

function checkProblem({ status, type, text }: Answer): void {
  expect(type).toBe('application/problem+json')
  const problem = JSON.parse(text) as Json
  expect(problem).toMatchObject({ status, code: expect.stringMatching(/^[a-z-]+$/) })
  for (const field of ['title', 'detail', 'remedy']) expect(String(problem[field] ?? ''), field).not.toBe('')
  expect(text, 'nothing of the inside').not.toMatch(/\.ts:\d|node_modules|node:internal|SQLITE|davy-acceptance/)
}

/** What stands there because requests made it; an alarm may learn something from late readings meanwhile. */
async function standing(): Promise<unknown> {
  const of = async (path: string) => {
    const { status, body } = await service.get(`/api/v1/${path}`)
    expect([path, status]).toEqual([path, 200])
    return body
  }
  return Promise.all(['hazards?limit=500', 'sites/mine/windows', 'handovers', 'users'].map(of))
}

test('any request is answered as its route is described, and every refusal is a problem document', async () => {
  const roles = fc.constantFrom('anonymous', 'viewer', 'operator', 'supervisor', 'admin', 'admin', 'admin')
  const statuses = new Set<number>()
  await fc.assert(
    fc.asyncProperty(hostile(described, KNOWN), roles, async (request, role) => {
      // Whoever signs out has no token for the requests to come.
      const leaves = request.method === 'DELETE' && request.template === '/api/v1/session'
      const answer = await ask(request, leaves ? 'anonymous' : role)
      statuses.add(answer.status)
      expect(answer.status, answer.text).not.toBe(500)
      expect([...request.allowed, ...ANYWHERE]).toContain(answer.status)
      if (answer.status >= 400) checkProblem(answer)
    }),
    { numRuns: runs(250, 1_500), endOnFailure: true },
  )
  // Of nothing but refusals at the door little would be learnt.
  expect([...statuses]).toEqual(expect.arrayContaining([200, 201, 400, 401, 403, 404]))
  expect(service.log.filter((line) => line.includes('"level":50'))).toEqual([])
}, 300_000)

test('who asks at the same time is answered for himself only', async () => {
  const json = { 'content-type': 'application/json' }
  const asked = Array.from({ length: 60 }, (_, i) => {
    const own = `secret-${i}-`
    const post = (path: string, body: object) => ({ method: 'POST', path, headers: json, body: JSON.stringify(body) })
    const get = (path: string) => ({ method: 'GET', path, headers: {}, body: undefined })
    const ways = [
      get(`/api/v1/sites/${own}`),
      get(`/api/v1/alarms?state=${own}`),
      get(`/api/v1/alarms/${own}`),
      post('/api/v1/sites/mine/readings', { point: own, value: 1 }),
      post('/api/v1/hazards', { site: own, grade: 'major', text: own }),
      post('/api/v1/backtest', { rule: own }),
    ]
    return { own, request: ways[i % ways.length]! }
  })
  const answers = await Promise.all(
    asked.map(async ({ own, request }) => ({ own, answer: await ask(request, 'admin') })),
  )
  for (const { own, answer } of answers) {
    checkProblem(answer)
    expect(new Set(answer.text.match(/secret-\d+-/g)), answer.text).toEqual(new Set([own]))
  }
})

test('what came of it is the same after a restart, and the chain of the audit log holds', async () => {
  const before = await standing()
  expect(await service.stop()).toBe(0)
  expect(await davy(['verify', '--data', rented.data])).toMatchObject({ code: 0, err: '' })
  service = await start(rented)
  expect(await standing()).toEqual(before)
  await service.post('/api/v1/sites/mine/readings', { point: 't1', value: 0.1 })
  expect((await service.get(`/api/v1/alarms/mine/ch4/t1:cut`)).status).toBe(200)
})
