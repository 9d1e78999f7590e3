/** The group robots against a receiver that checks what their vendors' documents ask for. */
import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Receiver, receiver } from '../../../test/receivers.ts'
import type { Message } from '../../model/notification.ts'
import { dingtalk } from './dingtalk/index.ts'
import { feishu } from './feishu/index.ts'
import { wecom } from './wecom/index.ts'

const NOW = Date.UTC(2026, 4, 1)
const context = { name: 'group', now: () => NOW, log: () => {} }
const common = { insecure: false }
const message: Message = {
  id: 'a1',
  at: NOW,
  severity: 'critical',
  title: '[红] 特别严重：宝源煤矿',
  text: '**甲烷 1.8 %**\n限值：1.5 % <font>',
  recipients: [{ name: 'chief', phone: '13800000001', feishu: 'ou_1' }],
}
const nobody = { ...message, recipients: [] }
const signal = () => AbortSignal.timeout(20_000)
let peer: Receiver
beforeEach(async () => {
  peer = await receiver()
})
afterEach(() => peer.close())
const body = () => JSON.parse(peer.got.at(-1)!.body)

test('DingTalk: time and signature in the address, people called upon by number, in the text as well', async () => {
  const secret = 'SEC000'
  peer.answers = [{ status: 200, body: '{"errcode":0,"errmsg":"ok"}' }]
  const channel = dingtalk.create({ url: `${peer.url}/robot/send?access_token=t`, secret, ...common }, context)
  expect(await channel.send(message, signal())).toMatchObject({ outcome: 'sent' })
  const { searchParams } = new URL(peer.got[0]!.path, peer.url)
  const sign = createHmac('sha256', secret).update(`${NOW}\n${secret}`).digest('base64')
  expect(Object.fromEntries(searchParams)).toEqual({ access_token: 't', timestamp: String(NOW), sign })
  expect(body()).toMatchObject({
    msgtype: 'markdown',
    markdown: { title: message.title, text: expect.stringContaining('@13800000001') },
    at: { atMobiles: ['13800000001'], isAtAll: false },
  })
  expect(body().markdown.text).toContain('1.8 %**\n\n限值')
  expect(body().markdown.text).not.toContain('<font>')
})

test('DingTalk: a wrong signature waits to be mended, too many messages pass after ten minutes', async () => {
  const channel = dingtalk.create({ url: `${peer.url}/`, ...common }, context)
  peer.answers = [{ status: 200, body: '{"errcode":310000,"errmsg":"sign not match"}' }]
  expect(await channel.send(nobody, signal())).toMatchObject({
    outcome: 'failed',
    lacks: 'address',
    answer: expect.stringContaining('sign not match'),
  })
  peer.answers = [{ status: 200, body: '{"errcode":130101,"errmsg":"send too fast, exceed 20 times per minute"}' }]
  expect(await channel.send(nobody, signal())).toMatchObject({ outcome: 'failed', after: 600_000 })
  peer.answers = [{ status: 200, body: '<html>captive portal</html>' }]
  expect(await channel.send(nobody, signal())).toMatchObject({ outcome: 'failed' })
})

test('WeCom: Markdown with the colour, text where numbers are called upon, both within their bytes', async () => {
  peer.answers = [{ status: 200, body: '{"errcode":0,"errmsg":"ok"}' }]
  const channel = wecom.create({ url: `${peer.url}/cgi-bin/webhook/send?key=k`, ...common }, context)
  expect(await channel.send({ ...nobody, text: '甲'.repeat(3_000) }, signal())).toMatchObject({ outcome: 'sent' })
  const { content } = body().markdown
  expect(content).toContain(`<font color="warning">${message.title}</font>`)
  expect(Buffer.byteLength(content)).toBeLessThanOrEqual(4_096)
  expect(content.endsWith('甲…')).toBe(true)
  await channel.send({ ...message, text: `**${'甲'.repeat(3_000)}` }, signal())
  expect(body()).toMatchObject({ msgtype: 'text', text: { mentioned_mobile_list: ['13800000001'] } })
  expect(Buffer.byteLength(body().text.content)).toBeLessThanOrEqual(2_048)
  peer.answers = [{ status: 200, body: '{"errcode":45009,"errmsg":"api freq out of limit"}' }]
  expect(await channel.send(nobody, signal())).toMatchObject({ outcome: 'failed', after: 60_000 })
  peer.answers = [{ status: 200, body: '{"errcode":93000,"errmsg":"invalid webhook url"}' }]
  expect(await channel.send(nobody, signal())).toMatchObject({ outcome: 'failed', lacks: 'credentials' })
  peer.answers = [{ status: 200, body: '{"errcode":40008,"errmsg":"invalid message type"}' }]
  expect(await channel.send(nobody, signal())).toMatchObject({ outcome: 'refused' })
})

test('Feishu: time and signature in the body, a card in the colour, people called upon by open id', async () => {
  const secret = 'feishu-secret'
  peer.answers = [{ status: 200, body: '{"code":0,"msg":"success"}' }]
  const channel = feishu.create({ url: `${peer.url}/open-apis/bot/v2/hook/x`, secret, ...common }, context)
  expect(await channel.send(message, signal())).toMatchObject({ outcome: 'sent' })
  const sign = createHmac('sha256', `${NOW / 1_000}\n${secret}`)
    .update('')
    .digest('base64')
  expect(body()).toMatchObject({
    timestamp: String(NOW / 1_000),
    sign,
    msg_type: 'interactive',
    card: {
      header: { template: 'red', title: { tag: 'plain_text', content: message.title } },
      elements: [{ tag: 'markdown', content: expect.stringContaining('<at id=ou_1></at>') }],
    },
  })
  peer.answers = [{ status: 200, body: '{"code":19021,"msg":"sign match fail or timestamp is not within one hour"}' }]
  expect(await channel.send(nobody, signal())).toMatchObject({ outcome: 'failed', lacks: 'credentials' })
  peer.answers = [{ status: 200, body: '{"code":11232,"msg":"frequency limited"}' }]
  expect(await channel.send(nobody, signal())).toMatchObject({ outcome: 'failed', after: 60_000 })
})
