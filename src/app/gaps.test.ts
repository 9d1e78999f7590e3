import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openGaps } from './gaps.ts'

async function folder() {
  const data = await mkdtemp(join(tmpdir(), 'davy-gaps-'))
  onTestFinished(() => rm(data, { recursive: true, force: true }))
  const lost: string[] = []
  const file = join(data, 'gaps.json')
  return { file, lost, open: () => openGaps({ file, lost: (reason) => lost.push(reason) }) }
}

test('what was noted last is there when it is opened again, and what is filled is not', async () => {
  const { open, lost } = await folder()
  const gaps = await open()
  const first = gaps.note('plant', new Map([['a', 1], ['b', 2]])) // biome-ignore format: pairs
  const then = [gaps.note('plant', new Map([['a', 5], ['b', undefined]])), gaps.note('mine', new Map([['a', 9]]))] // biome-ignore format: pairs
  expect(gaps.before('plant', 'a'), 'it holds from when it is said').toBe(5)
  await Promise.all([first, ...then])
  const again = await open()
  expect([again.before('plant', 'a'), again.before('plant', 'b'), again.before('mine', 'a')]).toEqual([5, undefined, 9])
  expect(lost).toEqual([])
})

test('a file that is spoilt is said to be, and holds none', async () => {
  const { file, open, lost } = await folder()
  await writeFile(file, '{"plant":')
  const gaps = await open()
  expect(gaps.before('plant', 'a')).toBeUndefined()
  expect(lost).toHaveLength(1)
})

test('where it cannot be written, whoever notes is told, and the next one is tried', async () => {
  const { file, open } = await folder()
  const gaps = await open()
  await rm(join(file, '..'), { recursive: true })
  await expect(gaps.note('plant', new Map([['a', 1]]))).rejects.toThrow('ENOENT')
  await expect(gaps.note('plant', new Map([['a', 2]]))).rejects.toThrow('ENOENT')
})
