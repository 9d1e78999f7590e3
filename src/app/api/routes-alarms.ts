/** Alarms: the list, one with its life and evidence, and what operators do to them. */
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Attachment } from '../../model/alarm.ts'
import { ALARM_COMMANDS, type AlarmCommand, type AlarmCommandName } from '../../model/command.ts'
import { parseCommand } from '../command-line.ts'
import { serialiseTransition } from '../wire.ts'
import { evidenceOf, sendEvidence } from './alarm-evidence.ts'
import { alarmKpi } from './alarm-kpi.ts'
import { alarmDetail, listAlarms } from './alarm-list.ts'
import { type ApiContext, instantOf } from './context.ts'
import { demand } from './demands.ts'
import { describe } from './document.ts'
import { maskingFor, principalOf } from './guard.ts'
import { createLooks } from './looks.ts'
import { Refused } from './problems.ts'
import { COMMAND_PROBLEMS } from './problems-desk.ts'
import { AlarmDetail, AlarmList, AlarmsQuery, CommandReply } from './schemas.ts'
import { EvidenceQuery } from './schemas-backtest.ts'
import { CommandBody } from './schemas-desk.ts'
import { AlarmKpi, KpiQueryBody } from './schemas-kpi.ts'

interface OfAlarm {
  Params: { '*': string }
}

export function alarmRoutes(
  app: FastifyInstance,
  { service, auth, attachments, masking, references, clock }: ApiContext,
): void {
  const looks = createLooks({ auth, clock })
  /** What people have an alarm by: its id, or a reference from a link. */
  const meant = (asked: string) => references.alarmOf(asked) ?? asked

  app.get<{ Querystring: AlarmsQuery }>(
    '/api/v1/alarms',
    {
      schema: describe({
        summary: 'Alarms, newest first or by urgency',
        description:
          'Below role operator persons and cards are pseudonyms, `~` and eight characters, in ids, keys, texts and evidence.',
        tag: 'alarms',
        query: AlarmsQuery,
        replies: { 200: { what: 'A page of alarms', body: AlarmList } },
        problems: ['word-unknown', 'time-unreadable', 'cursor-unreadable'],
      }),
    },
    (request): Promise<AlarmList> =>
      listAlarms(service, { query: request.query, masking: maskingFor(request, masking) }),
  )

  app.get<{ Querystring: KpiQueryBody }>(
    '/api/v1/alarms/kpi',
    {
      schema: describe({
        summary: "The desk's figures (EEMUA 191, ISA-18.2): what stands now, how alarms came, how they were answered",
        tag: 'alarms',
        query: KpiQueryBody,
        replies: { 200: { what: 'Figures, and the benchmark they are held against', body: AlarmKpi } },
        problems: ['time-unreadable', 'range-empty', 'range-too-long', 'desk-unknown'],
      }),
    },
    (request): Promise<AlarmKpi> => alarmKpi(service, { query: request.query, masking: maskingFor(request, masking) }),
  )

  app.get<OfAlarm & { Querystring: EvidenceQuery }>(
    '/api/v1/alarms/*',
    {
      schema: describe({
        summary: 'One alarm: its latest episode, timeline and evidence',
        description:
          'Found by its id, or by what the link of a notification holds. Below role operator an alarm about persons or cards is found under its pseudonymous id or by such a link only. An unmasked look at one is written to the audit log, once in ten minutes of a session.',
        tag: 'alarms',
        params: { '*': 'Alarm' },
        query: EvidenceQuery,
        replies: { 200: { what: 'The alarm', body: AlarmDetail } },
        problems: ['alarm-unknown', 'busy', 'configuration-lost'],
      }),
    },
    async (request, reply): Promise<AlarmDetail | FastifyReply> => {
      const { params, query } = request
      const proven = evidenceOf(params['*'])
      if (proven !== undefined) {
        return sendEvidence({ request, reply }, { alarm: meant(proven), episode: query.episode, service, auth })
      }
      const asked = params['*']
      const mask = maskingFor(request, masking)
      const alarm = meant(asked)
      const found = await alarmDetail(service, { alarm, referred: alarm !== asked, masking: mask })
      if (!found) throw unknown(asked)
      // The look is on record before anything is shown.
      if (found.personal && !mask) await looks.record(request, alarm)
      return found.detail
    },
  )

  app.post<OfAlarm & { Body: CommandBody }>(
    '/api/v1/alarms/*',
    {
      config: { rateLimit: false },
      // A command without particulars needs no body.
      preValidation: async (request) => {
        request.body ??= {}
      },
      schema: describe({
        summary: 'Command',
        tag: 'alarms',
        params: { '*': '{id}/{command}' },
        body: CommandBody,
        replies: { 200: { what: 'What it changed', body: CommandReply } },
        problems: ['time-unreadable', 'alarm-unknown', 'route-unknown', ...COMMAND_PROBLEMS],
      }),
    },
    async (request): Promise<CommandReply> => {
      const path = request.params['*']
      const slash = path.lastIndexOf('/')
      const name = ALARM_COMMANDS.find((command) => command === path.slice(slash + 1))
      if (!name) throw new Refused('route-unknown', { detail: `commands are ${ALARM_COMMANDS.join(', ')}` })
      const { user, role } = principalOf(request)
      const alarm = meant(path.slice(0, slash))
      const attachment = name === 'attach' ? await attachmentOf(request.body, attachments) : undefined
      const command = commandOf(request.body, { name, alarm, by: user, now: service.now(), attachment })
      demand(command, { role, installation: service.installation() })
      const { transitions, refusal } = await service.command(command)
      const detail = { command: name, ...request.body, ...(refusal && { refused: refusal.code }) }
      await auth.audit.append({ who: user, action: 'command', object: alarm, address: request.ip, detail })
      if (refusal?.code === 'alarm-unknown') throw unknown(alarm)
      if (refusal) throw new Refused(refusal.code, { detail: refusal.message })
      const installation = service.installation()
      return { transitions: transitions.map(({ transition }) => serialiseTransition(transition, installation)) }
    },
  )
}

/** The kept file that a command names. */
async function attachmentOf(
  { sha256, name, mediaType = 'application/octet-stream' }: CommandBody,
  attachments: ApiContext['attachments'],
): Promise<Attachment> {
  if (sha256 === undefined || name === undefined) {
    throw new Refused('attachment-missing', {
      detail: { en: 'attach needs `sha256` and `name`', zh: 'attach 需要 `sha256` 与 `name`' },
    })
  }
  const size = await attachments.size(sha256)
  if (size === undefined)
    throw new Refused('attachment-unknown', {
      detail: { en: `no file ${sha256} is kept`, zh: `没有保存文件 ${sha256}` },
    })
  return { name, sha256, size, mediaType }
}

function unknown(alarm: string): Refused {
  return new Refused('alarm-unknown', {
    detail: { en: `no alarm ${alarm} has ever been raised`, zh: `从未有过报警 ${alarm}` },
  })
}

function commandOf(
  body: CommandBody,
  {
    name,
    alarm,
    by,
    now,
    attachment,
  }: { name: AlarmCommandName; alarm: string; by: string; now: number; attachment: Attachment | undefined },
): AlarmCommand {
  const until = body.until === undefined ? undefined : instantOf('until', body.until)
  const { reason, text, to, once, witness } = body
  const said = { reason, text, to, once, witness, for: body.for, until }
  const command = parseCommand({ command: name, alarm, by, ts: now, ...said, attachment }, now)
  if (typeof command === 'string') throw new Refused('time-unreadable', { detail: command })
  return command as AlarmCommand
}
