/** Rules as they are configured, and trying other numbers on what came in. */
import type { FastifyInstance } from 'fastify'
import type { Json } from '../../model/json.ts'
import { matchAreas, matchPoints } from '../../model/match.ts'
import type { RuleInstance } from '../../model/rule.ts'
import type { Installation } from '../../model/site.ts'
import { DAY } from '../../model/time.ts'
import { RULES } from '../../rules/index.ts'
import { comparisonBody } from '../backtest/body.ts'
import { itemOf, paramsOf, propose } from '../backtest/proposal.ts'
import { zoneOf } from '../wire.ts'
import { createJobs, type Job } from './backtest-jobs.ts'
import { type ApiContext, rangeOf } from './context.ts'
import { describe } from './document.ts'
import { principalOf } from './guard.ts'
import { Refused } from './problems.ts'
import { BacktestBody, BacktestJob, type RuleBody, RuleList } from './schemas-backtest.ts'

/** Longest range: a year and a leap day. */
const LONGEST = 366 * DAY
/** Items of each list in a result. */
const LISTED = 1_000

interface OfJob {
  Params: { job: string }
}

export function backtestRoutes(app: FastifyInstance, { service, auth, clock, log }: ApiContext): void {
  const jobs = createJobs({ service, clock, log })
  app.addHook('onClose', async () => jobs.close())

  app.get(
    '/api/v1/rules',
    {
      schema: describe({
        summary: 'The rule items in force, with their numbers and the schema of what may be changed',
        tag: 'rules',
        replies: { 200: { what: 'Rule items', body: RuleList } },
      }),
    },
    async (): Promise<RuleList> => {
      const installation = service.installation()
      return { rules: installation.rules.map((instance) => ruleBody(instance, installation)) }
    },
  )

  app.post<{ Body: BacktestBody }>(
    '/api/v1/backtest',
    {
      schema: describe({
        summary: 'Try other numbers of one rule item on the past',
        description:
          'Folds the journal twice, as it was judged and with the changed item, under the configurations of the time. Answers at once; ask for the job until its `state` is `done`.',
        tag: 'rules',
        body: BacktestBody,
        replies: { 202: { what: 'Started', body: BacktestJob } },
        problems: ['rule-unknown', 'rule-refused', 'time-unreadable', 'range-empty', 'range-too-long', 'busy'],
      }),
    },
    async (request, reply): Promise<BacktestJob> => {
      const { rule: id, from, to, ...proposal } = request.body
      const instance = service.installation().rules.find((each) => each.id === id)
      if (!instance) throw new Refused('rule-unknown', { detail: `no rule item ${id} is configured` })
      const times = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) }
      const range = rangeOf(times, { now: service.now(), span: DAY, longest: LONGEST })
      const { item, flaws } = propose(instance, { proposal, rules: RULES })
      if (flaws.length > 0) {
        const errors = flaws.map(({ field, message }) => ({ where: field, code: 'invalid', detail: message }))
        throw new Refused('rule-refused', { detail: errors.map((e) => `${e.where}: ${e.detail}`).join('; '), errors })
      }
      const job = jobs.start({ item, regulation: instance.regulation.id, ...range })
      const detail = { ...proposal, ...range } as Json
      await auth.audit.append({
        who: principalOf(request).user,
        action: 'backtest',
        object: id,
        address: request.ip,
        detail,
      })
      reply.code(202)
      return jobBody(job, service.installation())
    },
  )

  app.get<OfJob>(
    '/api/v1/backtest/:job',
    {
      schema: describe({
        summary: 'How far a back-test is, or what it found',
        tag: 'rules',
        params: { job: 'Back-test' },
        replies: { 200: { what: 'The back-test', body: BacktestJob } },
        problems: ['backtest-unknown'],
      }),
    },
    async ({ params }): Promise<BacktestJob> => {
      const job = jobs.find(params.job)
      if (!job) throw unknown(params.job)
      return jobBody(job, service.installation())
    },
  )

  app.delete<OfJob>(
    '/api/v1/backtest/:job',
    {
      schema: describe({
        summary: 'End a back-test',
        tag: 'rules',
        params: { job: 'Back-test' },
        replies: { 204: { what: 'Ended' } },
        problems: ['backtest-unknown'],
      }),
    },
    async ({ params }, reply) => {
      if (!jobs.drop(params.job)) throw unknown(params.job)
      return reply.code(204).send()
    },
  )
}

function unknown(job: string): Refused {
  return new Refused('backtest-unknown', { detail: `no back-test ${job} is kept` })
}

function jobBody({ id, rule, progress, outcome }: Job, installation: Installation): BacktestJob {
  const base = { job: id, rule, progress }
  if (!outcome) return { ...base, state: 'running' }
  if ('comparison' in outcome) {
    const zone = (site: string) => zoneOf(site, installation)
    return { ...base, state: 'done', result: comparisonBody(outcome.comparison, { zone, most: LISTED }) }
  }
  const { code, detail, remedy } = outcome
  return { ...base, state: 'failed', problem: { code, detail, ...(remedy !== undefined && { remedy }) } }
}

function ruleBody(instance: RuleInstance, installation: Installation): RuleBody {
  const rule = RULES.get(instance.rule)!
  const { match, regulation, attributes } = instance
  const { id, clause, severity, raiseAfter, clearAfter, work } = itemOf(instance, {
    rules: RULES,
  }) as unknown as RuleBody
  const title = (attributes?.title as RuleBody['title'] | undefined) ?? rule.title
  const sites = [...installation.sites.values()]
  const points = sites.flatMap((site) => (rule.matches === 'points' ? matchPoints(site, match, rule.watches) : []))
  const judged =
    rule.matches === 'points'
      ? points.map(({ site }) => site)
      : sites.filter((site) => matchAreas(site, match).length > 0)
  const units = new Set(points.map(({ unit }) => unit))
  const [unit] = units
  return {
    id,
    rule: instance.rule,
    title,
    regulation: regulation.id,
    ...(clause !== undefined && { clause }),
    severity,
    raiseAfter,
    clearAfter,
    ...(work !== undefined && { work }),
    match,
    params: paramsOf(instance, { rules: RULES }),
    schema: rule.params,
    sites: [...new Set(judged.map((site) => site.id))],
    ...(units.size === 1 && unit !== undefined && { unit }),
  }
}
