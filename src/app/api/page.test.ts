/** The page: its files, its own addresses, and nothing beside its folder. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Bench, openBench } from './test-service.ts'

let bench: Bench
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'davy-page-'))
  await mkdir(join(folder, 'page', 'assets'), { recursive: true })
  await writeFile(join(folder, 'secret.txt'), 'not for you')
  await writeFile(join(folder, 'page', 'index.html'), '<!doctype html><title>Davylamp</title>')
  await writeFile(join(folder, 'page', 'assets', 'app-abc123.js'), 'export {}')
  bench = await openBench({}, join(folder, 'page'))
})
afterAll(async () => {
  await bench.close()
  await rm(folder, { recursive: true })
})

/** As written, without what fetch() makes of paths and headers. */
const raw = (path: string, headers: Record<string, string> = {}) =>
  new Promise<{ status: number; body: string }>((resolve, reject) => {
    const { hostname, port } = new URL(bench.url)
    request({ hostname, port, path, headers }, async (response) => {
      let body = ''
      for await (const chunk of response) body += chunk
      resolve({ status: response.statusCode!, body })
    })
      .on('error', reject)
      .end()
  })

const html = { headers: { accept: 'text/html' } }

test('the page is served, revalidated by ETag, and its assets keep for ever', async () => {
  const index = await bench.call('/', html)
  expect(await index.text()).toContain('Davylamp')
  expect(index.headers.get('cache-control')).toBe('no-cache')
  const etag = index.headers.get('etag')!
  // fetch() adds `cache-control: no-cache` to conditional requests, which asks for the whole file again.
  expect(await raw('/', { 'if-none-match': etag })).toEqual({ status: 304, body: '' })
  const asset = await bench.call('/assets/app-abc123.js')
  expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(asset.headers.get('content-type')).toContain('javascript')
})

test("the page's own addresses get the page; missing files and API addresses get problems", async () => {
  expect(await (await bench.call('/sites/baoyuan', html)).text()).toContain('Davylamp')
  for (const path of ['/assets/missing.js', '/api/v1/nothing', '/api/nothing']) {
    const response = await bench.call(path, html)
    expect(response.status, path).toBe(404)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
  }
})

test('nothing outside the folder is served, however the path is written', async () => {
  for (const path of [
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/assets/../../secret.txt',
    '/..%5csecret.txt',
    '//secret.txt',
    '/%00',
  ]) {
    const { status, body } = await raw(path)
    expect(body, path).not.toContain('not for you')
    expect(status, path).toBeGreaterThanOrEqual(400)
  }
})

test('the page may load from nowhere but here, and run no script of another', async () => {
  const response = await bench.call('/', html)
  const csp = response.headers.get('content-security-policy')!
  expect(csp).toContain("script-src 'self';")
  expect(csp).toContain("style-src 'self' 'unsafe-inline'")
  expect(csp).toContain("frame-ancestors 'none'")
  expect(csp).not.toMatch(/https?:|\*|upgrade-insecure/)
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
})

test('without a built page the API says so', async () => {
  const bare = await openBench()
  try {
    const response = await bare.call('/', html)
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([404, 'page-missing'])
  } finally {
    await bare.close()
  }
})
