/** Turns whatever went wrong into a problem document; nothing of the inside (stacks, paths) gets out. */
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify'
import { DavyError } from '../../model/errors.ts'
import type { Log } from '../log.ts'
import { languageOf } from './language.ts'
import { PROBLEMS, type ProblemCode, Refused } from './problems.ts'
import { PACKED } from './unpack.ts'

export const PROBLEM_TYPE = 'application/problem+json'

const BY_CODE: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'payload-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'media-type',
  FST_ERR_CTP_INVALID_JSON_BODY: 'payload-not-json',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'payload-not-json',
  [PACKED]: 'body-packed',
}

const BY_STATUS: Readonly<Record<number, ProblemCode>> = {
  404: 'route-unknown',
  413: 'payload-too-large',
  415: 'media-type',
  429: 'rate-limited',
}

/** Sends a refusal as `application/problem+json`. */
export function sendProblem(reply: FastifyReply, refused: Refused): FastifyReply {
  if (refused.statusCode === 401) reply.header('www-authenticate', 'Bearer realm="davylamp"')
  const language = languageOf(reply.request.headers['accept-language'])
  const vary = reply.getHeader('vary')
  reply.header('vary', vary === undefined ? 'Accept-Language' : `${vary}, Accept-Language`)
  reply.header('content-language', language)
  // As bytes: to text Fastify adds a charset, which this media type does not have.
  const bytes = Buffer.from(JSON.stringify(refused.document(language)))
  return reply.code(refused.statusCode).type(PROBLEM_TYPE).send(bytes)
}

export function handleErrors(app: FastifyInstance, log: Log): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const refused = refusedOf(error)
    // Who went away before the answer is nobody's failure.
    if (refused.statusCode >= 500 && !(error instanceof Refused) && refused.code !== 'aborted') {
      log.error(`${request.method} ${request.routeOptions.url ?? ''} failed: ${error.message}`, { stack: error.stack })
    }
    return sendProblem(reply, refused)
  })
}

/** What a thrown thing means to the caller. */
export function refusedOf(error: FastifyError | Refused): Refused {
  if (error instanceof Refused) return error
  if (error instanceof DavyError) {
    // The port says in words for people what is wrong; the request was in order.
    const bad = error.code.startsWith('cursor')
    const options = { detail: error.message, remedy: error.remedy, cause: error }
    if (bad) return new Refused('cursor-unreadable', options)
    return new Refused(error.code, error.code in PROBLEMS ? options : { ...options, status: 503 })
  }
  const status = error.statusCode ?? 500
  if (status >= 500)
    return new Refused('internal', {
      detail: { en: 'an unexpected failure; it has been logged', zh: '意外故障，已记入日志' },
      cause: error,
    })
  const code = BY_CODE[error.code] ?? BY_STATUS[status] ?? 'bad-request'
  return new Refused(code, { status, detail: error.message, cause: error })
}
