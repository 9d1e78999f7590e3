/** Everything the API can refuse, as one table: code, status, what it is, what to do (RFC 9457); in Chinese in problems-zh.ts. */
import { REFUSALS, type RefusalCode } from '../../model/errors.ts'
import type { Text } from '../../model/text.ts'
import type { Language } from './language.ts'
import { DESK_PROBLEMS } from './problems-desk.ts'
import { HAZARD_PROBLEMS } from './problems-hazards.ts'
import { PROBLEMS_ZH } from './problems-zh.ts'
import type { Problem } from './schemas-admin.ts'

export const PROBLEMS = {
  'request-invalid': [400, 'The request does not fit its schema', 'see `errors`, and /openapi.json'],
  'time-unreadable': [
    400,
    'A time or duration cannot be read',
    'ISO 8601 with an offset or milliseconds; `90s`, `10m`',
  ],
  'range-empty': [400, 'The time range is empty', '`from` must lie before `to`'],
  'range-too-long': [400, 'The time range is too long', 'ask for less at a time'],
  'too-many-buckets': [400, 'The series would have too many buckets', 'ask for a wider `every` or a shorter range'],
  'word-unknown': [400, 'A word of the query is none of those allowed', 'see /openapi.json'],
  'cursor-unreadable': [400, 'The cursor was not given out by this list', 'start again without `cursor`'],
  'rule-refused': [400, 'The proposed rule cannot be', 'mend the fields in `errors`'],
  'readings-refused': [
    400,
    'Some readings were refused',
    'mend those in `errors` and send them again; the others are taken',
  ],
  'payload-not-json': [400, 'The body is not JSON', 'send UTF-8 JSON'],
  'body-packed': [
    400,
    'The body is not packed as its Content-Encoding says',
    'send it plain, or as gzip, deflate, br or zstd',
  ],
  'payload-not-reading': [400, REFUSALS['payload-not-reading'].what.en, REFUSALS['payload-not-reading'].remedy.en],
  'bad-request': [400, 'The request cannot be understood', 'see /openapi.json'],
  'credentials-missing': [
    401,
    'Nobody is signed in',
    'POST /api/v1/session, then send the token as `Authorization: Bearer …`',
  ],
  'credentials-wrong': [401, 'User or password is wrong', 'check both; administrators can set a new user up'],
  'role-too-low': [403, 'The role does not allow this', 'sign in with a higher role'],
  'site-forbidden': [403, 'The token is for another site', 'use the token of this site'],
  'origin-foreign': [
    403,
    'The request comes from another origin',
    'send it from the page itself, or with `Authorization: Bearer …`',
  ],
  'route-unknown': [404, 'There is no such resource', 'see /openapi.json'],
  'page-missing': [404, 'The page has not been built', 'run `npm run build`'],
  'site-unknown': [404, 'No such site is configured', 'GET /api/v1/sites lists them'],
  'point-unknown': [404, 'No such point is configured for the site', 'GET /api/v1/sites/{site}/points lists them'],
  'card-unknown': [404, 'Nobody holds such a card and no reader saw it', "check the card's number and the time range"],
  'alarm-unknown': [404, 'No such alarm has ever been raised', 'GET /api/v1/alarms lists them'],
  'rule-unknown': [404, 'No such rule item is configured', 'GET /api/v1/rules lists them'],
  'backtest-unknown': [404, 'No such back-test is kept', 'start it again'],
  'notification-unknown': [404, 'No such notification is kept', 'GET /api/v1/notifications lists them'],
  'channel-unknown': [404, 'No such channel is configured', 'GET /api/v1/channels lists them'],
  'recipient-unknown': [404, 'The channel has no such recipient', 'GET /api/v1/channels lists them'],
  'letter-unknown': [404, 'No such dead letter is kept', 'GET /api/v1/dead-letters lists them'],
  'user-unknown': [404, 'There is no such user', 'GET /api/v1/users lists them'],
  'user-exists': [409, 'The name is taken', 'choose another name, or delete that user first'],
  'user-last-admin': [409, 'The last administrator cannot be deleted', 'add another administrator first'],
  'notification-sent': [409, 'The notification has been taken already', 'nothing to do'],
  'notification-queued': [409, 'The notification is about to be sent', 'wait for its outcome'],
  'letter-still-refused': [409, 'The dead letter is refused again', 'mend what `errors` names, then replay it'],
  'configuration-lost': [
    409,
    'A configuration that was in force was not kept',
    'copy its folder into `configurations/` of the data folder',
  ],
  'payload-too-large': [413, 'The body is larger than the limit', 'split the batch, or raise `api.bodyLimit`'],
  'media-type': [415, 'The body is not of a type taken here', 'send `Content-Type: application/json`'],
  'encoding-unknown': [
    415,
    'The body is packed in a way not taken here',
    'send it plain, or as gzip, deflate, br or zstd',
  ],
  'rate-limited': [429, 'Too many requests', 'wait as long as Retry-After says'],
  busy: [429, 'As many such requests as may be are being worked on', 'try again when one of them has ended'],
  'login-too-soon': [429, 'Too many wrong passwords', 'wait as long as Retry-After says'],
  ...HAZARD_PROBLEMS,
  ...DESK_PROBLEMS,
  internal: [500, 'Davylamp failed', "see the service's log"],
  'not-ready': [503, 'The service is starting or stopping', 'try again in a moment'],
  'streams-full': [503, 'Too many streams are open', 'close some pages, or raise `api.streams`'],
} as const satisfies Record<string, readonly [number, string, string]>

export type ProblemCode = keyof typeof PROBLEMS

/** A code without both languages does not compile. */
const IN_CHINESE: Readonly<Record<ProblemCode, readonly [title: string, remedy: string]>> = PROBLEMS_ZH

/** Codes that come from elsewhere: the alarm desk's refusals of commands, and what the service's ports say of themselves. */
const COMMAND = [409, 'The command changes nothing', 'look at the alarm as it is now'] as const
const COMMAND_ZH = ['该操作没有改变任何状态', '请查看该报警的当前状态'] as const
const SERVICE = [503, 'The service cannot do this now', "see the service's log"] as const
const SERVICE_ZH = ['服务暂时无法完成', '请查看服务日志'] as const

/** Words that came in one language only are English. */
type Words = string | Text

interface ErrorWords {
  readonly index?: number
  readonly where?: string
  readonly code: string
  readonly detail: Words
  readonly remedy?: Words
}

interface Particulars {
  readonly detail: Words
  readonly status?: number
  /** Instead of the table's. */
  readonly remedy?: string | undefined
  readonly errors?: readonly ErrorWords[]
  readonly accepted?: number
  readonly duplicates?: number
  readonly cause?: unknown
}

/** Thrown by handlers; the error handler writes its `document`. */
export class Refused extends Error {
  readonly statusCode: number
  readonly code: string
  readonly #particulars: Particulars
  readonly #foreign: boolean

  constructor(code: ProblemCode | (string & {}), particulars: Particulars) {
    const { status, detail, cause } = particulars
    super(wordsIn('en', detail), { cause })
    this.code = code
    this.#foreign = status === SERVICE[0]
    this.statusCode = status ?? this.#words('en')[0]
    this.#particulars = particulars
  }

  /** What the caller reads. Where only English words are known of the case, Chinese has the kind of problem in front of them. */
  document(language: Language): Problem {
    const { detail, remedy, errors, accepted, duplicates } = this.#particulars
    const [, title, advice] = this.#words(language)
    const own = language === 'zh' && typeof detail === 'string' ? `${title}（${detail}）` : wordsIn(language, detail)
    return {
      type: `urn:davylamp:problem:${this.code}`,
      title,
      status: this.statusCode,
      detail: own,
      code: this.code,
      remedy: language === 'en' ? (remedy ?? advice) : advice,
      ...(errors && { errors: errors.map((error) => errorIn(language, error)) }),
      ...(accepted !== undefined && { accepted }),
      ...(duplicates !== undefined && { duplicates }),
    }
  }

  #words(language: Language): readonly [status: number, title: string, remedy: string] {
    const known = Object.hasOwn(PROBLEMS, this.code) ? (this.code as ProblemCode) : undefined
    const english = known ? PROBLEMS[known] : this.#foreign ? SERVICE : COMMAND
    if (language === 'en') return english
    return [english[0], ...(known ? IN_CHINESE[known] : this.#foreign ? SERVICE_ZH : COMMAND_ZH)]
  }
}

function wordsIn(language: Language, words: Words): string {
  return typeof words === 'string' ? words : words[language]
}

function errorIn(language: Language, { detail, remedy, ...rest }: ErrorWords): NonNullable<Problem['errors']>[number] {
  return {
    ...rest,
    detail: wordsIn(language, detail),
    ...(remedy !== undefined && { remedy: wordsIn(language, remedy) }),
  }
}

/** Refused readings as a problem's `errors`, each with the remedy of its code. */
export function readingErrors(
  refused: readonly { readonly index: number; readonly code: RefusalCode; readonly detail: string }[],
): readonly ErrorWords[] {
  return refused.map(({ index, code, detail }) => {
    const { what, remedy } = REFUSALS[code]
    return { index, code, detail: { en: detail, zh: `${what.zh}（${detail}）` }, remedy }
  })
}
