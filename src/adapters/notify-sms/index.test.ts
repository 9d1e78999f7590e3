import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Receiver, receiver } from '../../../test/receivers.ts'
import type { Message } from '../../model/notification.ts'
import { withDefaults } from './defaults.fixture.ts'
import { sms } from './index.ts'

const context = { name: 'sms', now: () => 0, log: () => {} }
const message: Message = {
  id: 'a1',
  at: 0,
  severity: 'critical',
  title: '',
  text: '【红】"甲烷"&1.8\n%',
  recipients: [{ name: 'chief', phone: '+8613800000001' }],
}
const signal = () => AbortSignal.timeout(20_000)
let peer: Receiver
beforeEach(async () => {
  peer = await receiver()
})
afterEach(() => peer.close())

test('JSON by default: whatever the text holds, it is one string of it', async () => {
  const channel = sms.create(withDefaults({ url: `${peer.url}/send` }), context)
  expect(await channel.send(message, signal())).toMatchObject({ outcome: 'sent' })
  expect(JSON.parse(peer.got[0]!.body)).toEqual({ phone: '+8613800000001', text: message.text, id: 'a1' })
  expect(peer.got[0]!.headers).toMatchObject({ 'content-type': 'application/json', 'idempotency-key': 'a1' })
})

test('a form, an address, and headers take the same placeholders, each in its own writing', async () => {
  const form = sms.create(
    withDefaults({
      url: `${peer.url}/send?id={id}`,
      type: 'application/x-www-form-urlencoded',
      body: 'to={phone}&msg={text}',
      headers: { 'x-trace': '{id}' },
    }),
    context,
  )
  await form.send(message, signal())
  expect(Object.fromEntries(new URLSearchParams(peer.got[0]!.body))).toEqual({
    to: '+8613800000001',
    msg: message.text,
  })
  expect(peer.got[0]).toMatchObject({ path: '/send?id=a1', headers: { 'x-trace': 'a1' } })
  const get = sms.create(withDefaults({ url: `${peer.url}/g?to={phone}&m={text}`, method: 'GET' }), context)
  await get.send(message, signal())
  expect(peer.got[1]!.method).toBe('GET')
  expect(new URL(peer.got[1]!.path, peer.url).searchParams.get('m')).toBe(message.text)
})

test('the sign of success, and the sign of a refusal, are what the gateway says', async () => {
  const given = { url: `${peer.url}/`, success: '"code":\\s*0\\b', refused: '"code":\\s*4\\d\\d' }
  const channel = sms.create(withDefaults(given), context)
  peer.answers = [{ status: 200, body: '{"code": 0}' }]
  expect(await channel.send(message, signal())).toMatchObject({ outcome: 'sent' })
  peer.answers = [{ status: 200, body: '{"code": 1, "msg": "busy"}' }]
  expect(await channel.send(message, signal())).toMatchObject({ outcome: 'failed' })
  peer.answers = [{ status: 200, body: '{"code": 403}' }]
  expect(await channel.send(message, signal())).toMatchObject({ outcome: 'refused' })
})

test('nobody to send to is said, not sent', async () => {
  const channel = sms.create(withDefaults({ url: `${peer.url}/` }), context)
  expect(await channel.send({ ...message, recipients: [] }, signal())).toMatchObject({ outcome: 'refused' })
  expect(peer.got).toEqual([])
})

test('XML takes no text for its own', async () => {
  const channel = sms.create(
    withDefaults({ url: `${peer.url}/x`, type: 'text/xml', body: '<m to="{phone}">{text}</m>' }),
    context,
  )
  await channel.send({ ...message, text: `</m><m to="1">&'` }, signal())
  expect(peer.got[0]!.body).toBe('<m to="+8613800000001">&lt;/m&gt;&lt;m to=&quot;1&quot;&gt;&amp;&apos;</m>')
})
