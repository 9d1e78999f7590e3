/** Reading the duty desks, and what keeps alarms of a site from people by somebody's word. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { SEVERITIES } from '../../model/alarm.ts'
import type { DutyDesk } from '../../model/duty.ts'
import { firstDesk } from '../../model/duty.ts'
import { type Duration, formatInstant, HOUR, MINUTE } from '../../model/time.ts'
import { standsOn } from '../duty-desk.ts'
import { maskName } from '../privacy/stars.ts'
import type { Service } from '../service.ts'
import { type ApiContext, siteOf } from './context.ts'
import { describe } from './document.ts'
import { masked, maskingFor } from './guard.ts'
import { type DutyDeskBody, DutyTree, WindowList } from './schemas-duty.ts'
import { alarmTotals, isActive } from './views.ts'

export function dutyRoutes(app: FastifyInstance, { service, masking }: ApiContext): void {
  app.get(
    '/api/v1/desks',
    {
      schema: describe({
        summary: 'The duty tree: who hears of alarms first, whom they are handed on to, and how long each may take',
        description: 'Below role operator who is on duty and contacts are masked.',
        tag: 'desk',
        replies: { 200: { what: 'The duty desks', body: DutyTree } },
      }),
    },
    async (request): Promise<DutyTree> => {
      const { duty } = service.installation()
      const clocks = duty && SEVERITIES.map((each) => [each, clockBody(duty.clocks[each])] as const)
      return {
        masked: masked(request),
        desks: duty?.desks.map((desk) => deskBody(service, desk, request)) ?? [],
        ...(clocks && { clocks: Object.fromEntries(clocks) as unknown as NonNullable<DutyTree['clocks']> }),
      }
    },
  )

  app.get<{ Params: { site: string } }>(
    '/api/v1/sites/:site/windows',
    {
      schema: describe({
        summary: 'Declared windows of calibration and of power-cut tests, and alarms out of service',
        description:
          'Below role operator an alarm about persons or cards has its pseudonymous id, and witnesses are masked.',
        tag: 'sites',
        params: { site: 'Site' },
        replies: { 200: { what: "What keeps alarms from people by somebody's word", body: WindowList } },
        problems: ['site-unknown'],
      }),
    },
    async (request): Promise<WindowList> => {
      const { id, timezone } = siteOf(service, request.params.site)
      const hide = maskingFor(request, masking)
      const at = (instant: number) => formatInstant(instant, timezone)
      const words = (given: string) => hide?.text(id, given) ?? given
      const now = service.now()
      const windows = service
        .windows(id)
        .filter(({ until }) => until > now)
        .sort((a, b) => a.until - b.until || (a.window < b.window ? -1 : 1))
      return {
        windows: windows.map(({ command, window, points, area, from, until, by, witness, reason }) => ({
          command,
          window,
          ...(points && { points: [...points] }),
          ...(area !== undefined && { area }),
          from: at(from),
          until: at(until),
          by,
          witness: hide ? maskName(witness) : witness,
          ...(reason !== undefined && { reason: words(reason) }),
          holds: from <= now,
        })),
        outOfService: service.outOfService(id).map(({ alarm, state, text, hush: { by, until, witness, reason } }) => ({
          alarm: hide?.alarm(alarm) ?? alarm,
          ...(!hide && { text }),
          active: isActive(state),
          by,
          ...(until !== undefined && { until: at(until) }),
          ...(witness !== undefined && { witness: hide ? maskName(witness) : witness }),
          ...(reason !== undefined && { reason: words(reason) }),
        })),
      }
    },
  )
}

function deskBody(service: Service, desk: DutyDesk, request: FastifyRequest): DutyDeskBody {
  const { id, name, level, parent, region, contacts, quiet, timezone } = desk
  const installation = service.installation()
  const { duty, sites } = installation
  const hide = masked(request)
  const last = service.handovers().findLast((entry) => entry.desk === id)
  const standing = service.standing().filter((alarm) => standsOn({ desk: id, last: alarm.last }, installation))
  return {
    desk: id,
    name,
    level,
    ...(parent !== undefined && { parent }),
    ...(region !== undefined && { region }),
    sites: [...sites.values()].filter((site) => duty && firstDesk(duty, site)?.id === id).map((site) => site.id),
    ...(last && {
      onDuty: { person: hide ? maskName(last.incoming) : last.incoming, since: formatInstant(last.at) },
    }),
    contacts: hide ? contacts.map(maskName) : [...contacts],
    ...(quiet && { quiet: { from: timeOfDay(quiet.from), to: timeOfDay(quiet.to) } }),
    timezone,
    alarms: alarmTotals(standing),
  }
}

const clockBody = ({ ack, clear }: { ack: Duration; clear: Duration }) => ({ ackMs: ack, clearMs: clear })

function timeOfDay(since: Duration): string {
  const [hours, minutes] = [Math.floor(since / HOUR), Math.floor((since % HOUR) / MINUTE)]
  return `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`
}
