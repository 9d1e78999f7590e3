import { afterEach, expect, test, vi } from 'vitest'
import { ask, OFFLINE, type Problem, pathOf, query, whenExpired } from './http.ts'

afterEach(() => vi.unstubAllGlobals())

const answer = (status: number, body: string) =>
  vi.stubGlobal(
    'fetch',
    vi.fn(async () => new Response(body, { status })),
  )
const failure = (path = 'sites', options = {}) =>
  ask(path, options).catch((error: Problem) => error) as Promise<Problem>

test('a problem document keeps its code, detail and remedy', async () => {
  answer(
    409,
    JSON.stringify({
      code: 'nothing-to-ack',
      title: 'The command changes nothing',
      detail: 'acknowledged already',
      remedy: 'look',
    }),
  )
  expect(await failure()).toMatchObject({
    code: 'nothing-to-ack',
    status: 409,
    detail: 'acknowledged already',
    remedy: 'look',
  })
})

test('no answer, and a proxy’s own page for a dead service, are both offline', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')))
  expect(await failure()).toMatchObject({ code: OFFLINE, status: 0 })
  answer(502, '<html>Bad gateway</html>')
  expect(await failure()).toMatchObject({ code: OFFLINE, status: 502 })
})

test('a 401 ends the session, but not where signing in is what was asked', async () => {
  const expired = vi.fn()
  whenExpired(expired)
  answer(401, '{"code":"credentials-wrong","title":"User or password is wrong"}')
  await failure('session', { anonymous: true })
  expect(expired).not.toHaveBeenCalled()
  await failure()
  expect(expired).toHaveBeenCalledOnce()
})

test('an empty body is an answer', async () => {
  vi.stubGlobal('fetch', async () => new Response(null, { status: 204 }))
  expect(await ask('session', { method: 'DELETE' })).toBeUndefined()
})

test('names with slashes and colons survive the path; empty parameters are left out', () => {
  expect(pathOf('m/ch4/face 1/t1:cut?')).toBe('m/ch4/face%201/t1%3Acut%3F')
  expect(query({ site: 'm', rule: '', cursor: undefined, limit: 5 })).toBe('?site=m&limit=5')
  expect(query({})).toBe('')
})
