/** Work that ends, fails, or outlasts its signal; nothing is left on it. */
import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import { untilAborted } from './until-aborted.ts'

test('settles as the work does, and leaves nothing on the signal', async () => {
  const { signal } = new AbortController()
  for (let i = 0; i < 1_000; i++) expect(await untilAborted(Promise.resolve(i), signal)).toBe(i)
  await expect(untilAborted(Promise.reject(new Error('refused')), signal)).rejects.toThrow('refused')
  expect(getEventListeners(signal, 'abort')).toEqual([])
})

test('rejects at the abort, before or during the work', async () => {
  const abort = new AbortController()
  const during = untilAborted(new Promise(() => {}), abort.signal)
  abort.abort()
  await expect(during).rejects.toThrow('stopped')
  await expect(untilAborted(new Promise(() => {}), abort.signal)).rejects.toThrow('stopped')
})
