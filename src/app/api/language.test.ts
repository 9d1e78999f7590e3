/** Problem documents in the language the caller reads: every code has both, and what is negotiated is said. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { en } from '../../../web/src/i18n/problems/en.ts'
import { zh } from '../../../web/src/i18n/problems/zh.ts'
import { languageOf } from './language.ts'
import { PROBLEMS, Refused } from './problems.ts'
import { PROBLEMS_ZH } from './problems-zh.ts'
import type { Problem } from './schemas-admin.ts'
import { type Bench, json, openBench } from './test-service.ts'

test.each([
  [undefined, 'en'],
  ['', 'en'],
  ['zh', 'zh'],
  ['zh-CN,zh;q=0.9,en;q=0.8', 'zh'],
  ['en-US,en;q=0.9,zh;q=0.5', 'en'],
  ['fr, ZH-Hans ; q=0.2', 'zh'],
  ['en;q=0.1, zh;q=0.2', 'zh'],
  ['zh;q=0', 'en'],
  ['zh;q=x, en', 'en'],
  ['*', 'en'],
])('Accept-Language %j is answered in %s', (accepted, language) => {
  expect(languageOf(accepted)).toBe(language)
})

const HAN = /\p{Script=Han}/u

test('every code is explained in both languages, each in its own', () => {
  expect(Object.keys(PROBLEMS_ZH).sort()).toEqual(Object.keys(PROBLEMS).sort())
  for (const code of Object.keys(PROBLEMS)) {
    const refused = new Refused(code, { detail: { en: 'words', zh: '话' } })
    const english = refused.document('en')
    const chinese = refused.document('zh')
    expect(chinese, code).toMatchObject({ type: english.type, status: english.status, code, detail: '话' })
    expect(english.detail, code).toBe('words')
    for (const name of ['title', 'remedy'] as const) {
      expect(english[name], `${code} ${name}`).toMatch(/^[^\p{Script=Han}]{3,}$/u)
      expect(chinese[name], `${code} ${name}`).toMatch(name === 'title' ? HAN : /./u)
    }
  }
})

test('what the page advises is about codes that there are, in both languages', () => {
  expect(Object.keys(zh.remedy)).toEqual(Object.keys(en.remedy))
  expect(Object.keys(zh.remedy).filter((code) => !Object.hasOwn(PROBLEMS, code))).toEqual([])
})

test('of a case that is known in English words only, Chinese names the kind first', () => {
  const refused = new Refused('already-acked', { detail: 'by wang at 08:00' })
  expect(refused.document('zh')).toMatchObject({ detail: '报警已被确认（by wang at 08:00）' })
  const foreign = new Refused('disk-full', { detail: 'no room', status: 503, remedy: 'make room' })
  expect(foreign.document('en')).toMatchObject({ status: 503, detail: 'no room', remedy: 'make room' })
  expect(foreign.document('zh')).toMatchObject({ title: '服务暂时无法完成', remedy: '请查看服务日志' })
})

let bench: Bench
let token: string
beforeAll(async () => {
  bench = await openBench()
  token = await bench.login()
})
afterAll(() => bench.close())

const asked = async (path: string, init: RequestInit & { token?: string } = {}) => {
  const headers = { 'accept-language': 'zh-CN,zh;q=0.9', ...init.headers }
  const response = await bench.call(path, { ...init, headers })
  const given = response.headers
  expect(given.get('content-language')).toBe('zh')
  expect(given.get('vary')).toContain('Accept-Language')
  expect(given.get('content-type')).toBe('application/problem+json')
  return (await response.json()) as Problem
}

test('handlers, the guard, the schema, the parser and the router all answer in the language that is asked for', async () => {
  expect(await asked('/api/v1/sites/nowhere', { token })).toMatchObject({
    code: 'site-unknown',
    title: '没有该企业',
    detail: '未配置企业 nowhere',
  })
  expect(await asked('/api/v1/sites')).toMatchObject({ status: 401, title: '未登录' })
  expect(await asked('/api/v1/nothing', { token })).toMatchObject({ code: 'route-unknown', title: '没有该资源' })
  const broken = { method: 'POST', token, body: '{', headers: { 'content-type': 'application/json' } }
  expect(await asked('/api/v1/sites/baoyuan/readings', broken)).toMatchObject({ title: '请求体不是 JSON' })
  expect(await asked('/api/v1/alarms?limit=x', { token })).toMatchObject({
    title: '请求内容不符合要求',
    detail: expect.stringMatching(/^请求内容不符合要求（.*limit/),
  })
  expect(await asked('/api/v1/%zz', { token })).toMatchObject({ title: expect.stringMatching(HAN) })
})

test('refused readings are explained in it, one by one', async () => {
  bench.answers.submit = {
    accepted: 1,
    duplicates: 0,
    refused: [{ index: 1, code: 'point-unknown', detail: 'nowhere/x' }],
  }
  const refused = await asked('/api/v1/sites/baoyuan/readings', {
    token,
    ...json([{}, {}]),
    headers: { 'content-type': 'application/json' },
  })
  expect(refused).toMatchObject({
    title: '部分读数被拒收',
    detail: '拒收 1 条，接收 1 条，已知 0 条',
    errors: [
      {
        index: 1,
        code: 'point-unknown',
        detail: '该企业未配置此测点（nowhere/x）',
        remedy: expect.stringMatching(HAN),
      },
    ],
  })
})

test('without a wish the answer is English, and says so', async () => {
  const response = await bench.call('/api/v1/sites/nowhere', { token })
  expect(response.headers.get('content-language')).toBe('en')
  expect(await response.json()).toMatchObject({
    title: 'No such site is configured',
    detail: 'no site nowhere is configured',
  })
})
