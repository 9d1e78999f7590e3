/** What needs which role: the whole table, in one place. A route that is not in it cannot be registered. */

import type { AlarmCommandName } from '../../model/command.ts'
import { HAZARD_ACTIONS, type HazardAction } from '../../model/hazard.ts'

/** Each may what those before it may. `source` stands apart: a device's token, which may send its site's readings. */
export const ROLES = ['viewer', 'operator', 'supervisor', 'admin'] as const
export type Role = (typeof ROLES)[number] | 'source'

/** `open`: everybody; `signed-in`: any role; `loopback`: open on this machine, otherwise viewer; `readings`: operator, or the site's source. */
export type Access = 'open' | 'signed-in' | 'loopback' | 'readings' | (typeof ROLES)[number]

/** Who mends does not judge: accepting, supervising and closing a hazard is a supervisor's. */
export const HAZARD_ROLES: Readonly<Record<HazardAction, (typeof ROLES)[number]>> = {
  assign: 'operator',
  rectify: 'operator',
  comment: 'operator',
  verify: 'supervisor',
  reject: 'supervisor',
  close: 'supervisor',
  supervise: 'supervisor',
  lift: 'supervisor',
  extend: 'supervisor',
  reopen: 'supervisor',
}

/** By method and route. Answering is reading: GET of people is masked below operator rather than refused. */
export const ACCESS: Readonly<Record<string, Access>> = {
  'GET /*': 'open',
  'HEAD /*': 'open',
  'GET /healthz': 'open',
  'GET /readyz': 'open',
  'GET /openapi.json': 'open',
  'GET /metrics': 'loopback',
  'POST /api/v1/session': 'open',
  'GET /api/v1/session': 'signed-in',
  'DELETE /api/v1/session': 'signed-in',
  'GET /api/v1/sites': 'viewer',
  'GET /api/v1/sites/:site': 'viewer',
  'GET /api/v1/sites/:site/people': 'viewer',
  'GET /api/v1/sites/:site/points': 'viewer',
  'GET /api/v1/sites/:site/points/*': 'viewer',
  // Where one person went all day is nobody's business but the desk's.
  'GET /api/v1/sites/:site/cards/:card/track': 'operator',
  'POST /api/v1/sites/:site/readings': 'readings',
  'POST /api/v1/sites/:site/permits': 'operator',
  'GET /api/v1/sites/:site/windows': 'viewer',
  // For its time a window keeps even statutory alarms from people.
  'POST /api/v1/sites/:site/windows': 'supervisor',
  'GET /api/v1/alarms': 'viewer',
  'GET /api/v1/alarms/kpi': 'viewer',
  'GET /api/v1/alarms/*': 'viewer',
  'POST /api/v1/alarms/*': 'operator',
  'GET /api/v1/hazards': 'viewer',
  'GET /api/v1/hazards/statistics': 'viewer',
  'GET /api/v1/hazards/export': 'operator',
  'GET /api/v1/hazards/:id': 'viewer',
  'POST /api/v1/hazards': 'operator',
  'POST /api/v1/hazards/import': 'operator',
  ...Object.fromEntries(HAZARD_ACTIONS.map((action) => [`POST /api/v1/hazards/:id/${action}`, HAZARD_ROLES[action]])),
  'GET /api/v1/reports/shift': 'viewer',
  'GET /api/v1/reports/day': 'viewer',
  'GET /api/v1/reports/month': 'viewer',
  'GET /api/v1/desks': 'viewer',
  'GET /api/v1/handovers': 'operator',
  'POST /api/v1/handovers': 'operator',
  // Photographs show people.
  'POST /api/v1/attachments': 'operator',
  'GET /api/v1/attachments/:sha256': 'operator',
  'GET /api/v1/rules': 'viewer',
  // Folding a journal costs a processor for minutes.
  'POST /api/v1/backtest': 'supervisor',
  'GET /api/v1/backtest/:job': 'supervisor',
  'DELETE /api/v1/backtest/:job': 'supervisor',
  'GET /api/v1/stream': 'viewer',
  'GET /api/v1/sources': 'viewer',
  'GET /api/v1/forwards': 'viewer',
  // A problem may quote what stands in the files, people's names included.
  'GET /api/v1/configuration': 'operator',
  'GET /api/v1/disk': 'viewer',
  // Letters hold what devices sent, cards and names included.
  'GET /api/v1/dead-letters': 'operator',
  'POST /api/v1/dead-letters/:id/replay': 'supervisor',
  // Messages name those they go to.
  'GET /api/v1/notifications': 'operator',
  'POST /api/v1/notifications/:id/resend': 'operator',
  'GET /api/v1/channels': 'viewer',
  // A test reaches people and costs money.
  'POST /api/v1/channels/:channel/test': 'supervisor',
  'GET /api/v1/users': 'admin',
  'POST /api/v1/users': 'admin',
  'DELETE /api/v1/users/:user': 'admin',
  'POST /api/v1/tokens': 'admin',
}

/** Taking an instrument out of service outlives the shift, so it takes a supervisor. */
export const COMMAND_ROLES: Readonly<Record<AlarmCommandName, (typeof ROLES)[number]>> = {
  ack: 'operator',
  confirm: 'operator',
  reset: 'operator',
  shelve: 'operator',
  unshelve: 'operator',
  comment: 'operator',
  assign: 'operator',
  attach: 'operator',
  'out-of-service': 'supervisor',
  'in-service': 'supervisor',
}

/** Shelving what a clause asks for takes more than an operator. */
export const STATUTORY_SHELF: (typeof ROLES)[number] = 'supervisor'

/** Documents of an alarm that need more than reading it: evidence has names, cards and raw readings in it. */
export const DOCUMENT_ROLES = { evidence: 'operator' } as const satisfies Readonly<
  Record<string, (typeof ROLES)[number]>
>

/** Whose names, numbers and cards are shown unmasked. */
export const UNMASKED: (typeof ROLES)[number] = 'operator'

/** Whether a role is `wanted` or above it. */
export function atLeast(role: Role, wanted: (typeof ROLES)[number]): boolean {
  return role !== 'source' && ROLES.indexOf(role) >= ROLES.indexOf(wanted)
}
