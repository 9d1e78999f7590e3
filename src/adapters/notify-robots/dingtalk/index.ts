/** A custom robot (自定义机器人) of a DingTalk group: signed Markdown that calls upon people by mobile number. */
import { createHmac } from 'node:crypto'
import Type, { type Static } from 'typebox'
import type { ChannelAdapter, Message } from '../../../model/notification.ts'
import { MINUTE } from '../../../model/time.ts'
import { cutBytes, escapeTags } from '../../notify-http/escape.ts'
import { post } from '../../notify-http/post.ts'
import { HTTP_SETTINGS, urlSetting } from '../../notify-http/settings.ts'
import { judgeCode, type Passing } from '../answer.ts'

export const DingtalkSettings = Type.Object(
  {
    url: urlSetting("the robot's address, `https://oapi.dingtalk.com/robot/send?access_token=…`; it is a secret"),
    secret: Type.Optional(
      Type.String({
        minLength: 1,
        writeOnly: true,
        description: 'key of 加签 (`SEC…`); without it the robot must be set to keywords or addresses',
      }),
    ),
    ...HTTP_SETTINGS,
  },
  { additionalProperties: false },
)
export type DingtalkSettings = Static<typeof DingtalkSettings>

/** A message may have 20 000 bytes. */
const ROOM = 18_000
/** Busy; more than 20 messages in a minute, after which the robot is silent for ten; the token is none; the group, or the robot in
 *  it, is gone or stopped; its security settings (signature, time, keyword, address) do not let it through. */
const PASSING = new Map<number, Passing>([
  [-1, {}],
  [90030, {}],
  [130101, { after: 10 * MINUTE }],
  [410100, { after: 10 * MINUTE }],
  [300001, { lacks: 'credentials' }],
  [300005, { lacks: 'credentials' }],
  [400101, { lacks: 'credentials' }],
  [400013, { lacks: 'address' }],
  [400102, { lacks: 'address' }],
  [400106, { lacks: 'address' }],
  [310000, { lacks: 'address' }],
])

export const dingtalk: ChannelAdapter<DingtalkSettings> = {
  name: 'dingtalk',
  title: { en: 'DingTalk group robot', zh: '钉钉群机器人' },
  settings: DingtalkSettings,
  form: 'markdown',
  reach: 'group',
  rate: { messages: 20, per: MINUTE },
  create({ url, secret, ca }, { now }) {
    return {
      send(message, signal) {
        const request = {
          url: secret === undefined ? url : signed(url, { secret, timestamp: now() }),
          headers: { 'content-type': 'application/json; charset=utf-8' },
          body: JSON.stringify(bodyOf(message)),
          ca,
          signal,
        }
        return post(request, (reply) => judgeCode(reply, { keys: ['errcode'], passing: PASSING }))
      },
      async close() {},
    }
  },
}

/** The address with the time in milliseconds and the signature over time, line feed and key. */
export function signed(url: string, { secret, timestamp }: { secret: string; timestamp: number }): string {
  const sign = createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64')
  const address = new URL(url)
  address.searchParams.set('timestamp', String(timestamp))
  address.searchParams.set('sign', sign)
  return address.href
}

/** Whoever is called upon must be named in the text as well; a line ends only where the next one is empty. */
function bodyOf({ title, text, recipients }: Message): object {
  const atMobiles = recipients.flatMap(({ phone }) => phone ?? [])
  const called = atMobiles.map((mobile) => `@${mobile}`).join(' ')
  const markdown = `### ${escapeTags(title)}\n\n${cutBytes(escapeTags(text).replaceAll('\n', '\n\n'), ROOM)}${called && `\n\n${called}`}`
  return { msgtype: 'markdown', markdown: { title, text: markdown }, at: { atMobiles, isAtAll: false } }
}
