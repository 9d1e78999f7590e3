import { expect, test } from 'vitest'
import { isLoopback } from './loopback.ts'

test.each(['localhost', 'LOCALHOST', '127.0.0.1', '127.255.3.4', '::1', '[::1]'])('%s is this machine', (host) => {
  expect(isLoopback(host)).toBe(true)
})

test.each([
  '',
  '0.0.0.0',
  '::',
  '127.0.0.1.example',
  '127.0.0.256',
  'x127.0.0.1',
  'localhost.example',
  '[::1',
  '192.0.2.7',
])('%s may be another', (host) => {
  expect(isLoopback(host)).toBe(false)
})
