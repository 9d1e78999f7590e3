import { expect, test } from 'vitest'
import { bytes } from './bytes.ts'

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.00 KiB'],
  [15.26 * 2 ** 20, '15.3 MiB'],
  [812 * 2 ** 20, '812 MiB'],
  [9.54 * 2 ** 30, '9.54 GiB'],
  [2 ** 60, '1024 PiB'],
])('%d is %s', (count, shown) => expect(bytes(count)).toBe(shown))
