/** The words of notifications in Chinese and English; those of severities and colours are the page's. */
import type { Severity } from '../../model/alarm.ts'
import type { Text } from '../../model/text.ts'

export const SEVERITY_WORDS: Readonly<Record<Severity, Text>> = {
  critical: { zh: '特别严重', en: 'Critical' },
  major: { zh: '严重', en: 'Major' },
  minor: { zh: '较重', en: 'Minor' },
  notice: { zh: '一般', en: 'Notice' },
}

export const COLOUR_WORDS: Readonly<Record<Severity, Text>> = {
  critical: { zh: '红', en: 'red' },
  major: { zh: '橙', en: 'orange' },
  minor: { zh: '黄', en: 'yellow' },
  notice: { zh: '蓝', en: 'blue' },
}

/** As a mail shows them. */
export const COLOURS: Readonly<Record<Severity, string>> = {
  critical: '#cf1322',
  major: '#d46b08',
  minor: '#d4b106',
  notice: '#0958d9',
}

const CAUSE_WORDS: Readonly<Record<string, Text>> = {
  raised: { zh: '报警', en: 'raised' },
  cleared: { zh: '恢复正常', en: 'cleared' },
  acked: { zh: '已确认', en: 'acknowledged' },
  escalated: { zh: '升级', en: 'escalated' },
  eased: { zh: '降级', en: 'eased' },
  retrospective: { zh: '事后发现', en: 'found afterwards' },
  realarmed: { zh: '仍在报警', en: 'still in alarm' },
  unsuppressed: { zh: '解除抑制，仍在报警', en: 'no longer suppressed, and still so' },
  unshelved: { zh: '搁置到期，仍在报警', en: 'no longer shelved, and still so' },
  'in-service': { zh: '停用到期，仍在报警', en: 'in service again, and still so' },
  'handed-on': { zh: '转交上级', en: 'handed on' },
  withdrawn: { zh: '撤销', en: 'withdrawn' },
}

/** A cause without words of its own is told as it is. */
export function causeWords(cause: string): Text {
  return CAUSE_WORDS[cause] ?? { zh: cause, en: cause }
}

export const WORDS = {
  acknowledge: { zh: '请在值班台确认', en: 'Please acknowledge at the duty desk' },
  test: {
    zh: '测试消息：Davylamp 通知渠道可用，无需处理',
    en: 'Test: this Davylamp channel works; nothing needs to be done',
  },
  alarms: { zh: (n: number) => `${n} 条报警`, en: (n: number) => `${n} alarms` },
  others: { zh: (n: number) => `另有 ${n} 条`, en: (n: number) => `and ${n} more` },
} as const
