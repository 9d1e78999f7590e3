/** Keys, references between alarms and remarks as a viewer sees them, and the way back from a pseudonymous id. */
import { readFileSync, statSync, truncateSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStore, type Store } from '../../adapters/store-sqlite/index.ts'
import type { Transition } from '../../model/alarm.ts'
import type { RuleInstance } from '../../model/rule.ts'
import type { Installation } from '../../model/site.ts'
import { mine, step } from '../api/test-mine.ts'
import { openDisguise } from './disguise.ts'
import { createMasking, isPersonal, type Masking } from './masking.ts'
import type { Pseudonym } from './pseudonyms.ts'

const CARD = 'C-000117'
const PERSON = 'p-00117'

let data: string
let store: Store
let pseudonym: Pseudonym
let installation: Installation
const { site } = mine()
const short = (number: string) => pseudonym('baoyuan', number)

const item = (id: string, rule: string) => ({ id, rule }) as RuleInstance
const configured = (...rules: RuleInstance[]): Installation => ({
  hash: 'h',
  graph: 'g',
  sites: new Map([[site.id, site]]),
  points: [],
  regulations: [],
  rules,
})
const opened = (): Masking => createMasking({ pseudonym, installation: () => installation, alarms: store.alarms })
const raised = (instance: string, rule: string, key: string, changes: Partial<Transition> = {}): Transition => {
  const alarm = `baoyuan/${instance}/${key}`
  return step(1, { id: `${alarm}/1.1`, alarm, instance, rule, key, evidence: [], ...changes })
}

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'davy-privacy-'))
  store = await openStore({ file: join(data, 'store.db') })
  pseudonym = openDisguise({ data }).pseudonym
  installation = configured(item('card/sos', 'sos'), item('card', 'card-left'), item('gas', 'limit'))
})
afterEach(async () => {
  await store.close()
  await rm(data, { recursive: true })
})

test('what of a key is masked follows from the kind of key that its rule declares', () => {
  const masking = opened()
  const keys = (rule: string, key: string) => masking.transition(raised(rule, rule, key)).key
  expect(keys('sos', CARD)).toBe(short(CARD))
  expect(keys('card-convoy', `${CARD}+9`)).toBe(`${short(CARD)}+${short('9')}`)
  expect(keys('restricted', `${PERSON}@face-101`)).toBe(`${short(PERSON)}@face-101`)
  expect(keys('restricted', 'a@b@face-101')).toBe(`${short('a@b')}@face-101`)
  expect(keys('overstay', 'card:C-9')).toBe(`card:${short('C-9')}`)
  // A passage without a name is about its gate.
  expect(keys('card-missing', 'readers/r-1')).toBe('readers/r-1')
  for (const [rule, key] of [
    ['over-crew', 'face-101'],
    ['limit', 'face-101/ch4-t1:cut'],
    ['weld-permit', 'weld-1'],
    ['rule-fault', 'card/sos'],
    ['alarm-flood', 'desk'],
  ] as const) {
    expect(keys(rule, key), rule).toBe(key)
    expect(isPersonal(raised(rule, rule, key), installation)).toBe(false)
  }
  expect(isPersonal(raised('sos', 'sos', CARD), installation)).toBe(true)
  expect(isPersonal(step(1), installation), 'by its evidence').toBe(true)
})

test('references to other alarms lead to the ids that a viewer knows them by', () => {
  const masking = opened()
  const told = masking.transition(
    raised('gas', 'limit', 'face-101/ch4-t1:cut', {
      group: 'baoyuan/alarm-flood/desk',
      members: { count: 3, alarms: [`baoyuan/card/sos/${CARD}`, `baoyuan/card/${CARD}`, `baoyuan/gone/${CARD}`] },
      hush: { kind: 'suppressed', by: `baoyuan/card/sos/${CARD}`, reason: `of 王小明, ${PERSON}`, witness: '王小明' },
      by: 'wang',
    }),
  )
  const [one, two, gone] = told.members!.alarms
  expect([one, two]).toEqual([`baoyuan/card/sos/${short(CARD)}`, `baoyuan/card/${short(CARD)}`])
  // Of an item that is no more nobody can tell whom its key names.
  expect(gone).toMatch(/^baoyuan\/~[\w-]{8}$/)
  expect(told).toMatchObject({
    group: 'baoyuan/alarm-flood/desk',
    hush: { by: one, reason: `of 王**, ${short(PERSON)}`, witness: '王**' },
    by: 'wang',
  })
  const windowed = raised('gas', 'limit', 'x', { hush: { kind: 'suppressed', by: 'calibration/w-1' } })
  expect(masking.transition(windowed).hush!.by).toBe('calibration/w-1')
})

test('a text about a card nobody holds, and a remark about known people, name neither', () => {
  const masking = opened()
  const text = { zh: '标识卡 C-9 在井下求救', en: 'Card C-9 calls for help, 26 persons' }
  const sos = raised('card/sos', 'sos', 'C-9', { text })
  expect(masking.transition(sos).text).toEqual({
    zh: `标识卡 ${short('C-9')} 在井下求救`,
    en: `Card ${short('C-9')} calls for help, 26 persons`,
  })
  const said = { at: 0, by: '王小明', text: `王小明 has C-9 and ${CARD}` }
  expect(masking.remark(said, [sos])).toEqual({ ...said, text: `王** has ${short('C-9')} and ${short(CARD)}` })
  const attached = { name: `${PERSON}.jpg`, sha256: '00', size: 1, mediaType: 'image/jpeg' }
  expect(masking.remark({ at: 0, by: 'wang', attached }, [sos])).toMatchObject({
    attached: { name: `${short(PERSON)}.jpg` },
  })
})

test('an alarm that nobody answered in time names no more than the one it is about', async () => {
  const masking = opened()
  const about = 'baoyuan/card/sos/C-9'
  const text = {
    zh: '未在 3m 内确认：标识卡 C-9 在井下求救',
    en: 'Not acknowledged within 3m: card C-9 calls for help',
  }
  const late = raised('response-clock', 'response-clock', about, { text, members: { count: 1, alarms: [about] } })
  const hidden = `baoyuan/card/sos/${short('C-9')}`
  const told = masking.transition(late)
  expect(told).toMatchObject({ key: hidden, alarm: `baoyuan/response-clock/${hidden}`, members: { alarms: [hidden] } })
  expect(JSON.stringify(told)).not.toContain('C-9')
  expect(masking.alarm(late.alarm)).toBe(told.alarm)
  expect(isPersonal(late, installation)).toBe(true)
  await store.alarms.put([late])
  expect(await opened().find(told.alarm)).toBe(late.alarm)
  const plain = raised('response-clock', 'response-clock', 'baoyuan/gas/face-101/ch4-t1:cut')
  expect(masking.transition(plain).alarm).toBe(plain.alarm)
  expect(isPersonal(plain, installation)).toBe(false)
  expect(masking.alarm('baoyuan/hazard-overdue/baoyuan.3')).toBe('baoyuan/hazard-overdue/baoyuan.3')
})

test('a pseudonymous id finds its alarm, also where nothing has been masked before', async () => {
  const alarms = [
    raised('card/sos', 'sos', CARD),
    raised('card', 'card-left', CARD),
    raised('pair', 'card-convoy', 'a+b'),
    raised('gone', 'overstay', 'card:C-9'),
    raised('gas', 'limit', '~x'),
  ]
  await store.alarms.put(alarms)
  const ids = alarms.map((t) => opened().transition(t).alarm)
  const cold = opened()
  for (const [i, id] of ids.entries()) expect(await cold.find(id)).toBe(alarms[i]!.alarm)
  for (const id of ['baoyuan/card/sos/~AAAAAAAA', 'baoyuan/~AAAAAAAA', 'nowhere/card/~AAAAAAAA', '~', ''])
    expect(await cold.find(id)).toBe(id)
})

test('a new configuration names more people in what was masked before', () => {
  const masking = opened()
  const t = raised('gas', 'limit', 'x', { text: { zh: 'C-000555', en: 'C-000555' } })
  expect(masking.transition(t).text.en).toBe('C-000555')
  expect(masking.transition(t)).toBe(masking.transition(t))
  const person = { id: 'p-5', name: '李四', cards: ['C-000555'] }
  installation = { ...installation, sites: new Map([[site.id, { ...site, people: new Map([['p-5', person]]) }]]) }
  expect(masking.transition(t).text.en).toBe(short('C-000555'))
})

test('the secret is kept, readable by its owner only; a damaged one is not replaced', () => {
  const file = join(data, 'pseudonyms.key')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readFileSync(file)).toHaveLength(32)
  expect(openDisguise({ data }).pseudonym('baoyuan', CARD)).toBe(short(CARD))
  expect(short(CARD)).toMatch(/^~[\w-]{8}$/)
  expect(pseudonym('elsewhere', CARD)).not.toBe(short(CARD))
  truncateSync(file, 5)
  expect(() => openDisguise({ data })).toThrow(expect.objectContaining({ code: 'data-unusable' }))
})
