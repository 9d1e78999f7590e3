/** A custom bot (自定义机器人) of a Feishu or Lark group: a signed card in the severity's colour. */
import { createHmac } from 'node:crypto'
import Type, { type Static } from 'typebox'
import type { ChannelAdapter, Message } from '../../../model/notification.ts'
import { MINUTE, SECOND } from '../../../model/time.ts'
import { cutBytes, escapeTags } from '../../notify-http/escape.ts'
import { post } from '../../notify-http/post.ts'
import { HTTP_SETTINGS, urlSetting } from '../../notify-http/settings.ts'
import { judgeCode, type Passing } from '../answer.ts'

export const FeishuSettings = Type.Object(
  {
    url: urlSetting("the robot's address, `https://open.feishu.cn/open-apis/bot/v2/hook/…`; it is a secret"),
    secret: Type.Optional(
      Type.String({
        minLength: 1,
        writeOnly: true,
        description: 'key of 签名校验; without it the robot must be set to keywords or addresses',
      }),
    ),
    ...HTTP_SETTINGS,
  },
  { additionalProperties: false },
)
export type FeishuSettings = Static<typeof FeishuSettings>

/** A request may have 20 KB. */
const ROOM = 16_000
/** Too often, or busy; the address is none; its security settings (signature, address, keyword) do not let it through. */
const PASSING = new Map<number, Passing>([
  [9499, {}],
  [11232, { after: MINUTE }],
  [99991400, { after: MINUTE }],
  [19001, { lacks: 'credentials' }],
  [19021, { lacks: 'credentials' }],
  [19022, { lacks: 'address' }],
  [19024, { lacks: 'address' }],
])

export const feishu: ChannelAdapter<FeishuSettings> = {
  name: 'feishu',
  title: { en: 'Feishu or Lark group robot', zh: '飞书群机器人' },
  settings: FeishuSettings,
  form: 'markdown',
  reach: 'group',
  rate: { messages: 100, per: MINUTE },
  create({ url, secret, ca }, { now }) {
    return {
      send(message, signal) {
        const seconds = Math.floor(now() / SECOND)
        const seal = secret === undefined ? {} : { timestamp: String(seconds), sign: signatureOf(secret, seconds) }
        const request = {
          url,
          headers: { 'content-type': 'application/json; charset=utf-8' },
          body: JSON.stringify({ ...seal, msg_type: 'interactive', card: cardOf(message) }),
          ca,
          signal,
        }
        return post(request, (reply) => judgeCode(reply, { keys: ['code', 'StatusCode'], passing: PASSING }))
      },
      async close() {},
    }
  },
}

/** HMAC-SHA256 of nothing, under time in seconds, line feed and secret as the key. */
export function signatureOf(secret: string, seconds: number): string {
  return createHmac('sha256', `${seconds}\n${secret}`).digest('base64')
}

const COLOURS = { critical: 'red', major: 'orange', minor: 'yellow', notice: 'blue' } as const

/** People are called upon by their open id: these robots do not know mobile numbers. */
function cardOf({ title, text, severity, recipients }: Message): object {
  const called = recipients.flatMap(({ feishu: id }) => (id === undefined ? [] : `<at id=${id}></at>`)).join(' ')
  const content = `${cutBytes(escapeTags(text), ROOM)}${called && `\n${called}`}`
  return {
    config: { wide_screen_mode: true },
    header: { title: { tag: 'plain_text', content: title }, template: COLOURS[severity] },
    elements: [{ tag: 'markdown', content }],
  }
}
