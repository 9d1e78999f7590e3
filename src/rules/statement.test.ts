import { expect, test } from 'vitest'
import { calm, loadStatement, note, saveStatement, silence } from './statement.ts'

test('what is so is said each time; what is over, until its clear delay has passed', () => {
  const statement = silence()
  const said = (active: boolean, at: number) => note(statement, { active, at, clearAfter: 10 })
  expect(said(false, 0)).toBe(false)
  expect([said(true, 1), said(true, 2)]).toEqual([true, true])
  expect([said(false, 5), said(false, 14), said(false, 15), said(false, 16)]).toEqual([true, true, true, false])
  expect([said(true, 20), said(false, 21), said(true, 22), said(false, 40), said(false, 49)]).toEqual(
    Array(5).fill(true),
  )
  expect(calm(statement)).toBe(false)
})

test('a snapshot keeps what was said', () => {
  for (const statement of [silence(), { active: true, ended: undefined }, { active: false, ended: 7 }]) {
    expect(loadStatement(JSON.parse(JSON.stringify(saveStatement(statement))))).toEqual(statement)
  }
})
