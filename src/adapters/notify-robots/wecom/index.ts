/** A group robot (群机器人) of WeCom: Markdown, or text where people are called upon by mobile number. */
import Type, { type Static } from 'typebox'
import type { ChannelAdapter, Message } from '../../../model/notification.ts'
import { MINUTE } from '../../../model/time.ts'
import { cutBytes, escapeTags } from '../../notify-http/escape.ts'
import { post } from '../../notify-http/post.ts'
import { HTTP_SETTINGS, urlSetting } from '../../notify-http/settings.ts'
import { judgeCode, type Passing } from '../answer.ts'

export const WecomSettings = Type.Object(
  {
    url: urlSetting("the robot's address, `https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…`; it is a secret"),
    ...HTTP_SETTINGS,
  },
  { additionalProperties: false },
)
export type WecomSettings = Static<typeof WecomSettings>

/** Bytes a message may have. */
const MARKDOWN = 4_096
const TEXT = 2_048
/** Busy; more than 20 messages in a minute; the key is none, or the robot stopped or no longer in the group. */
const PASSING = new Map<number, Passing>([
  [-1, {}],
  [45009, { after: MINUTE }],
  [45033, { after: MINUTE }],
  [93000, { lacks: 'credentials' }],
  [93004, { lacks: 'address' }],
  [93008, { lacks: 'address' }],
])

/** Its only credential is the key in the address: there is nothing to sign. */
export const wecom: ChannelAdapter<WecomSettings> = {
  name: 'wecom',
  title: { en: 'WeCom group robot', zh: '企业微信群机器人' },
  settings: WecomSettings,
  form: 'markdown',
  reach: 'group',
  rate: { messages: 20, per: MINUTE },
  create({ url, ca }) {
    return {
      send(message, signal) {
        const headers = { 'content-type': 'application/json; charset=utf-8' }
        const request = { url, headers, body: JSON.stringify(bodyOf(message)), ca, signal }
        return post(request, (reply) => judgeCode(reply, { keys: ['errcode'], passing: PASSING }))
      },
      async close() {},
    }
  },
}

/** The colours Markdown knows there: of what is grave, of a hint, of the rest. */
const COLOURS = { critical: 'warning', major: 'warning', minor: 'info', notice: 'comment' } as const

function bodyOf({ title, text, severity, recipients }: Message): object {
  const mobiles = recipients.flatMap(({ phone }) => phone ?? [])
  if (mobiles.length > 0) {
    const content = cutBytes(`${title}\n${text.replaceAll('**', '')}`, TEXT)
    return { msgtype: 'text', text: { content, mentioned_mobile_list: mobiles } }
  }
  const head = `### <font color="${COLOURS[severity]}">${escapeTags(title)}</font>`
  return { msgtype: 'markdown', markdown: { content: cutBytes(`${head}\n${escapeTags(text)}`, MARKDOWN) } }
}
