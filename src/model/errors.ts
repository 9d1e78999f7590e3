/** Every reason for which input is refused: code, what it means, what to do. The reference and the API print this table. */
import type { Text } from './text.ts'

interface Explained {
  readonly what: Text
  readonly remedy: Text
}

export const REFUSALS = {
  'payload-too-large': {
    what: { en: 'the message is larger than the limit', zh: '报文超过大小上限' },
    remedy: { en: 'split the batch, or raise `limits.payload`', zh: '拆分批次，或调高 `limits.payload`' },
  },
  'payload-not-json': {
    what: { en: 'the payload is not JSON', zh: '报文不是 JSON' },
    remedy: {
      en: 'send one reading or an array of readings as UTF-8 JSON',
      zh: '以 UTF-8 JSON 发送一条读数或读数数组',
    },
  },
  'payload-not-reading': {
    what: { en: 'the payload is neither a reading nor an array of readings', zh: '报文既不是读数也不是读数数组' },
    remedy: { en: 'see the reading format in the reference', zh: '参见参考手册中的读数格式' },
  },
  'topic-unknown': {
    what: { en: 'the topic is not of the form davy/v1/{site}/{point}', zh: '主题不符合 davy/v1/{site}/{point}' },
    remedy: {
      en: 'publish to davy/v1/{site}/{point} or davy/v1/{site}',
      zh: '发布到 davy/v1/{site}/{point} 或 davy/v1/{site}',
    },
  },
  'topic-forbidden': {
    what: { en: 'the credentials are for another site', zh: '凭据属于其他企业' },
    remedy: { en: 'publish under the site the user is configured for', zh: '在该用户所配置的企业下发布' },
  },
  'topic-mismatch': {
    what: { en: 'the reading names another site or point than its topic', zh: '读数中的企业或测点与主题不一致' },
    remedy: {
      en: 'leave `site` and `point` out, or publish under their own topic',
      zh: '省略 `site` 与 `point`，或发布到其自身主题',
    },
  },
  'sparkplug-unreadable': {
    what: { en: 'topic or payload is not Sparkplug B', zh: '主题或报文不是 Sparkplug B' },
    remedy: {
      en: 'publish Sparkplug B payloads on spBv1.0/{group}/{type}/{edge node}[/{device}]',
      zh: '在 spBv1.0/{组}/{类型}/{边缘节点}[/{设备}] 上发布 Sparkplug B 报文',
    },
  },
  'sparkplug-unborn': {
    what: {
      en: 'metrics whose names or types no birth that still holds has told',
      zh: '指标的名称或类型未经仍然有效的 BIRTH 声明',
    },
    remedy: {
      en: 'a rebirth was requested; see that the node honours Node Control/Rebirth',
      zh: '已请求节点重新发布 BIRTH；请确认其支持 Node Control/Rebirth',
    },
  },
  'sparkplug-too-many': {
    what: { en: 'more Sparkplug nodes or metrics than are kept', zh: 'Sparkplug 节点或指标数超过上限' },
    remedy: {
      en: 'raise `maxNodes` or `maxMetrics` of `sparkplug`',
      zh: '调高 `sparkplug` 的 `maxNodes` 或 `maxMetrics`',
    },
  },
  'site-unknown': {
    what: { en: 'no such site is configured', zh: '未配置该企业' },
    remedy: { en: 'declare it in sites/, then replay the dead letter', zh: '在 sites/ 中声明后重放该死信' },
  },
  'point-unknown': {
    what: { en: 'no such point is configured for the site', zh: '该企业未配置此测点' },
    remedy: { en: 'declare it under `points:`, then replay the dead letter', zh: '在 `points:` 中声明后重放该死信' },
  },
  'ts-unreadable': {
    what: {
      en: '`ts` is neither ISO 8601 with an offset nor integer milliseconds',
      zh: '`ts` 既不是带时区的 ISO 8601，也不是整数毫秒',
    },
    remedy: { en: 'send e.g. 2026-05-01T08:00:00+08:00', zh: '例如 2026-05-01T08:00:00+08:00' },
  },
  'ts-impossible': {
    what: {
      en: '`ts` lies before 2000, after 2100, or more than a day ahead of arrival',
      zh: '`ts` 早于 2000 年、晚于 2100 年，或超前到达时间一天以上',
    },
    remedy: { en: "set the device's clock; milliseconds, not seconds", zh: '校正设备时钟；单位为毫秒而非秒' },
  },
  'value-missing': {
    what: { en: 'the reading has no `value`', zh: '读数缺少 `value`' },
    remedy: { en: 'send a value, or null where there is none', zh: '发送数值；无值时发送 null' },
  },
  'value-type': {
    what: { en: "the value does not fit the point's kind", zh: '数值与测点类型不符' },
    remedy: { en: 'see the point kinds in the reference', zh: '参见参考手册中的测点类型' },
  },
  'unit-mismatch': {
    what: {
      en: "the reading's `unit` is not the point's, and does not convert into it",
      zh: '读数的 `unit` 与测点的单位不同，且无法换算',
    },
    remedy: {
      en: "send it in the point's unit, or set the point's `unit`, then replay the dead letter",
      zh: '按测点的单位发送，或修正测点的 `unit` 后重放该死信',
    },
  },
  'quality-unknown': {
    what: { en: '`quality` is not good, uncertain or bad', zh: '`quality` 不是 good、uncertain 或 bad' },
    remedy: { en: "map the source's codes to the three grades", zh: '将数据源的质量码映射到三个等级' },
  },
  'field-type': {
    what: { en: '`status`, `ref` or `unit` is not a short string', zh: '`status`、`ref` 或 `unit` 不是短字符串' },
    remedy: { en: 'send strings of at most 200 characters', zh: '发送不超过 200 个字符的字符串' },
  },
  'file-name': {
    what: {
      en: 'the file is not named {mine}_{type}_{yyyyMMddHHmmss}',
      zh: '文件名不是 {煤矿编码}_{类型}_{yyyyMMddHHmmss}',
    },
    remedy: { en: "rename it, or set the source's `dialect`", zh: '改名，或设置数据源的 `dialect`' },
  },
  'file-incomplete': {
    what: { en: 'the file does not end with the mark of its dialect', zh: '文件没有以方言的结束符结尾' },
    remedy: {
      en: 'upload it again; `dialect.end` says which mark is meant',
      zh: '重新上传；结束符由 `dialect.end` 指定',
    },
  },
  'file-too-large': {
    what: { en: 'the file is larger than the limit', zh: '文件超过大小上限' },
    remedy: { en: 'split it, or raise `maxSize` of the source', zh: '拆分文件，或调高数据源的 `maxSize`' },
  },
  'file-encoding': {
    what: { en: 'the file is of another code page', zh: '文件编码不符' },
    remedy: {
      en: 'write UTF-8 or GB18030, or set `dialect.encoding`',
      zh: '使用 UTF-8 或 GB18030，或设置 `dialect.encoding`',
    },
  },
  'file-line-breaks': {
    what: { en: 'the file has line breaks, which its dialect does not have', zh: '文件含换行，而其方言不允许换行' },
    remedy: {
      en: 'write it without, or set `dialect.lineBreaks: ignore`',
      zh: '去掉换行，或设置 `dialect.lineBreaks: ignore`',
    },
  },
  'file-header': {
    what: {
      en: "the file's first record is no header of its mine and time",
      zh: '文件首条记录不是本矿与上传时间的文件头',
    },
    remedy: { en: 'begin with mine code; mine name; upload time', zh: '以 煤矿编码;煤矿名称;上传时间 开头' },
  },
  'file-mine': {
    what: { en: 'no site is configured for the mine code', zh: '未给该煤矿编码配置企业' },
    remedy: {
      en: 'name it under `mines` of the source, then drop the file again',
      zh: '在数据源的 `mines` 中声明后重新投递文件',
    },
  },
  'file-ahead': {
    what: { en: 'the upload time lies ahead of our clock', zh: '上传时间超前于本机时钟' },
    remedy: { en: "set the sender's clock and time zone", zh: '校正发送端的时钟与时区' },
  },
  'file-spoilt': {
    what: { en: 'more than a fifth of the records are bad', zh: '超过五分之一的记录有误' },
    remedy: { en: 'look at the dialect and its `layouts`; mend the sender', zh: '检查方言及其 `layouts`；修正发送端' },
  },
  'record-fields': {
    what: { en: 'the record has another number of fields than its type', zh: '记录的字段数与文件类型不符' },
    remedy: { en: 'keep empty fields, or set `dialect.layouts`', zh: '保留空字段，或设置 `dialect.layouts`' },
  },
  'record-field': {
    what: { en: 'a field of the record cannot be read', zh: '记录中有字段无法解读' },
    remedy: { en: 'see the type in the reference of mine files', zh: '参见矿用文本文件参考中的该类型' },
  },
  'record-unit': {
    what: { en: "the record's unit is not the point's", zh: '记录的单位与测点的单位不同' },
    remedy: { en: "set the point's `unit` to what the mine sends", zh: '将测点的 `unit` 设为煤矿所发单位' },
  },
  'record-code': {
    what: { en: 'no point of the site has the code of the record', zh: '企业没有该编码的测点' },
    remedy: {
      en: "write it as the point's `code`, then drop the file again",
      zh: '写入测点的 `code` 属性后重新投递文件',
    },
  },
  'forward-too-large': {
    what: { en: 'the broker or cluster above takes no message so large', zh: '上级代理或集群不接收这么大的消息' },
    remedy: {
      en: 'raise what the broker above takes at once (`max.message.bytes` of a Kafka topic), then replay the dead letter: it goes up again',
      zh: '调高上级代理的报文大小上限（Kafka 主题为 `max.message.bytes`）后重放该死信，即重新上传',
    },
  },
} as const satisfies Record<string, Explained>

export type RefusalCode = keyof typeof REFUSALS

/** Input that could not be taken, or what no peer above takes (`forward-…`): kept whole, counted by code, replayable once the cause is mended. */
export interface DeadLetter {
  readonly source: string
  readonly topic: string
  readonly payload: Uint8Array
  readonly at: number
  readonly code: RefusalCode
  /** Where in the payload, and what stood there. */
  readonly detail: string
}

/** A failure a person must understand: stable code, what happened, where, what to do. */
export class DavyError extends Error {
  readonly code: string
  readonly where: string | undefined
  readonly remedy: string | undefined

  constructor(
    code: string,
    { message, where, remedy, cause }: { message: string; where?: string; remedy?: string; cause?: unknown },
  ) {
    super(message, { cause })
    this.name = 'DavyError'
    this.code = code
    this.where = where
    this.remedy = remedy
  }
}

/** A source's peer is gone or never came. The runner waits, and opens the source again. */
export class SourceLost extends DavyError {
  constructor(message: string, { where, cause }: { where: string; cause?: unknown }) {
    super('source-lost', { message, where, cause })
    this.name = 'SourceLost'
  }
}
