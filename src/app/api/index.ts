/** The HTTP API and the page: one Fastify instance over the running service. */
import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import swagger from '@fastify/swagger'
import fastify, { type FastifyInstance } from 'fastify'
import type { Attachments } from '../attachments.ts'
import type { Auth } from '../auth/auth.ts'
import { type Clock, systemClock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Disguise } from '../privacy/disguise.ts'
import { createMasking } from '../privacy/masking.ts'
import type { Service } from '../service.ts'
import type { ApiContext } from './context.ts'
import { finishPaths, shareProblem } from './document.ts'
import { handleErrors, PROBLEM_TYPE, refusedOf, sendProblem } from './error-handler.ts'
import { COOKIE, guard } from './guard.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { servePage } from './page.ts'
import { Refused } from './problems.ts'
import { alarmRoutes } from './routes-alarms.ts'
import { backtestRoutes } from './routes-backtest.ts'
import { configurationRoutes } from './routes-configuration.ts'
import { deskRoutes } from './routes-desk.ts'
import { diskRoutes } from './routes-disk.ts'
import { dutyRoutes } from './routes-duty.ts'
import { hazardListRoutes } from './routes-hazard-lists.ts'
import { hazardRoutes } from './routes-hazards.ts'
import { historyRoutes } from './routes-history.ts'
import { notificationRoutes } from './routes-notifications.ts'
import { operationRoutes } from './routes-operation.ts'
import { permitRoutes } from './routes-permits.ts'
import { readingRoutes } from './routes-readings.ts'
import { reportRoutes } from './routes-reports.ts'
import { sessionRoutes } from './routes-session.ts'
import { siteRoutes } from './routes-sites.ts'
import { streamRoutes } from './routes-stream.ts'
import { userRoutes } from './routes-users.ts'
import { API_DEFAULTS, type ApiSettings } from './settings.ts'
import { unpackBodies } from './unpack.ts'
import { validateWithTypeBox } from './validate.ts'

/** No host but our own. Ant Design writes its styles into the page, so styles may be inline; scripts may not. */
const CSP = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'self'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:'],
    fontSrc: ["'self'", 'data:'],
    connectSrc: ["'self'"],
    objectSrc: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
}

/** Builds the API; the caller listens, and closes it (open streams end with it). `page` is the folder of the built page. */
export async function createApi({
  service,
  auth,
  attachments,
  disguise: { pseudonym, references },
  log,
  clock = systemClock(),
  settings: given = {},
  page,
  tls,
}: {
  service: Service
  auth: Auth
  attachments: Attachments
  disguise: Pick<Disguise, 'pseudonym' | 'references'>
  log: Log
  clock?: Clock
  settings?: Partial<ApiSettings>
  page?: string | undefined
  /** PEM: serve HTTPS instead of HTTP. With `ca`, clients need a certificate of that authority. */
  tls?: { cert: string; key: string; ca?: string } | undefined
}): Promise<FastifyInstance> {
  const settings = { ...API_DEFAULTS, ...given }
  const masking = createMasking({ pseudonym, installation: () => service.installation(), alarms: service.alarms })
  const context: ApiContext = { service, auth, attachments, masking, references, settings, log, clock }
  const app = fastify({
    ...(tls && { https: { ...tls, ...(tls.ca !== undefined && { requestCert: true, rejectUnauthorized: true }) } }),
    bodyLimit: settings.bodyLimit,
    trustProxy: settings.trustProxy,
    forceCloseConnections: true,
    requestTimeout: 60_000,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 1000 },
    frameworkErrors: (error, _request, reply) => sendProblem(reply, refusedOf(error)),
  })
  let metrics: Metrics | undefined
  countProblems(app, () => metrics)
  handleErrors(app, log)
  validateWithTypeBox(app)
  takeJsonOnly(app)
  await addPlugins(app, settings)
  guard(app, auth)
  unpackBodies(app)
  await servePage(app, page)
  sessionRoutes(app, context)
  siteRoutes(app, context)
  configurationRoutes(app, context)
  diskRoutes(app, context)
  historyRoutes(app, context)
  readingRoutes(app, context)
  permitRoutes(app, context)
  alarmRoutes(app, context)
  hazardRoutes(app, context)
  hazardListRoutes(app, context)
  reportRoutes(app, context)
  await deskRoutes(app, context)
  dutyRoutes(app, context)
  notificationRoutes(app, context)
  backtestRoutes(app, context)
  userRoutes(app, context)
  const hub = streamRoutes(app, context)
  metrics = createMetrics({ service, streams: () => hub.size })
  operationRoutes(app, context, metrics)
  await app.ready()
  return app
}

async function addPlugins(app: FastifyInstance, settings: ApiSettings): Promise<void> {
  shareProblem(app)
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Davylamp',
        version: '1',
        description: 'Safety telemetry held against the regulations.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer' },
          cookie: { type: 'apiKey', in: 'cookie', name: COOKIE },
        },
      },
      security: [{ bearer: [] }, { cookie: [] }],
    },
    refResolver: { buildLocalReference: (json, _base, _fragment, i) => String(json.$id ?? `def-${i}`) },
    transformObject: (document) => {
      if (!('openapiObject' in document)) return document.swaggerObject
      const { openapiObject } = document
      return { ...openapiObject, paths: finishPaths(openapiObject.paths as never) as never }
    },
  })
  await app.register(cookie)
  // Plain HTTP inside a mine is common: neither HSTS nor upgrading, or the page would not load.
  await app.register(helmet, {
    contentSecurityPolicy: CSP,
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'no-referrer' },
  })
  await app.register(rateLimit, {
    max: settings.requestsPerMinute,
    timeWindow: 60_000,
    errorResponseBuilder: (_request, { after }) =>
      new Refused('rate-limited', {
        detail: { en: `too many requests; again in ${after}`, zh: `请求过多，${after} 后再试` },
      }),
  })
}

/** JSON bodies only; none at all is allowed where a route says so. */
function takeJsonOnly(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined)
    else parse(request, body as string, done)
  })
}

function countProblems(app: FastifyInstance, metrics: () => Metrics | undefined): void {
  app.addHook('onSend', async (_request, reply, payload) => {
    if (reply.getHeader('content-type') === PROBLEM_TYPE && Buffer.isBuffer(payload)) {
      metrics()?.problem(JSON.parse(payload.toString()).code)
    }
    return payload
  })
}
