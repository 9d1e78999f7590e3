/** The escalation ladder (升级): whom an alarm calls, by when they must have answered, and who is called when they have not. */
import { SEVERITIES, type Severity, type Transition } from '../model/alarm.ts'
import { RESPONSE_CLOCK } from '../model/alarm-kpi.ts'
import { chainOf, type Duty, type DutyDesk, firstDesk, type ResponseClock } from '../model/duty.ts'
import { shiftAt } from '../model/shift.ts'
import type { Installation } from '../model/site.ts'
import { durationText } from '../model/text.ts'
import { type Duration, type Instant, SECOND } from '../model/time.ts'
import { type AlarmNode, type Call, hushOf, type Stamp, standingOf, transit } from './alarm-node.ts'
import type { Own } from './surroundings.ts'

export const RESPONSE = RESPONSE_CLOCK

export interface Ladder {
  /** Before a rise is told: calls the first desk. */
  call(node: AlarmNode, now: Instant): void
  /** After anything else was told: stops, starts or hastens the clock as the alarm now stands. */
  settle(node: AlarmNode, stamp: Stamp, into: Transition[]): void
  /** After a change of configuration: desks may have been declared only now, or be others. */
  renew(node: AlarmNode, stamp: Stamp, into: Transition[]): void
  /** The clock has run out: hands the alarm on, or gives those who cannot have heard of it more time. */
  breach(node: AlarmNode, stamp: Stamp, into: Transition[]): void
}

/** Severity of a breach by its step, never below the alarm's own. */
const RISING: readonly Severity[] = ['minor', 'major', 'critical']

/** Without duty desks nobody is called and nothing is late. */
export function createLadder({
  installation,
  nodes,
  own,
}: {
  readonly installation: Installation | undefined
  readonly nodes: ReadonlyMap<string, AlarmNode>
  readonly own: (alarm: Own, stamp: Stamp, into: Transition[]) => void
}): Ladder {
  const duty = installation?.duty
  if (!duty) return { call() {}, settle() {}, renew() {}, breach() {} }
  const firsts = new Map<string, DutyDesk | undefined>()

  function first(site: string): DutyDesk | undefined {
    if (!firsts.has(site)) {
      const found = installation?.sites.get(site)
      firsts.set(site, found && firstDesk(duty!, found))
    }
    return firsts.get(site)
  }

  const deskOf = (id: string) => duty.desks.find((desk) => desk.id === id)
  const spanOf = (node: AlarmNode, clock: keyof ResponseClock) => duty.clocks[node.severity][clock]

  function calling(
    node: AlarmNode,
    { desk, clock, step, rose, now }: Pick<Call, 'clock' | 'step' | 'rose'> & { desk: DutyDesk; now: Instant },
  ): Call {
    const { id, level, quiet, timezone } = desk
    const hours = node.severity === 'notice' && quiet ? shiftAt(now, { shifts: [quiet], zone: timezone }) : undefined
    // A desk must have disposed of it so long after the rise, and acknowledged it so long after it was called.
    const from = clock === 'clear' && step === 0 ? rose : (hours?.end ?? now)
    const due = Math.max(from + spanOf(node, clock), now)
    return { desk: id, level, step, clock, rose, since: now, due, ...(hours && { quietUntil: hours.end }) }
  }

  /** Whether the alarm under which it is told calls people in its stead. Whoever acknowledges that one has not thereby acknowledged
   *  what a clause asks for. */
  function stoodFor({ group, statutory, severity }: AlarmNode): boolean {
    const told = severity === 'critical' || group === undefined ? undefined : nodes.get(group)
    if (!told || told.state === 'normal' || hushOf(told)) return false
    return !statutory || told.state !== 'acked'
  }

  /** What the alarm waits for; nothing where it is over, or only its confirmation is wanted. */
  function wanted({ state, held }: AlarmNode): keyof ResponseClock | undefined {
    if (state === 'normal' || held === 'unconfirmed') return undefined
    return state === 'acked' ? 'clear' : 'ack'
  }

  /** It became worse: whoever is called has no longer than for an alarm that began so, and whoever was not to be woken is called now. */
  function hasten(node: AlarmNode, { call, desk, now }: { call: Call; desk: DutyDesk; now: Instant }): void {
    if (call.quietUntil !== undefined) {
      if (node.severity !== 'notice') node.call = calling(node, { ...call, desk, now })
      return
    }
    const due = call.since + spanOf(node, call.clock)
    if (call.due !== undefined && due < call.due) node.call = { ...call, due }
  }

  function answered(node: AlarmNode, stamp: Stamp, into: Transition[]): void {
    if (!node.call || node.call.step === 0) return
    const text = { zh: `已响应：${node.text.zh}`, en: `Answered: ${node.text.en}` }
    own(
      { site: node.site, instance: RESPONSE, key: node.alarm, active: false, severity: node.severity, text },
      stamp,
      into,
    )
  }

  function late(node: AlarmNode, { desk, next, step, elapsed }: Late): Own {
    const rising = RISING[Math.min(step, RISING.length) - 1]!
    const severity = rank(rising) < rank(node.severity) ? rising : node.severity
    const span = durationText(spanOf(node, node.call!.clock))
    const [zh, en] = node.call!.clock === 'ack' ? ['确认', 'acknowledged'] : ['处置完毕', 'disposed of']
    const on = next
      ? { zh: `，已转${next.name.zh}`, en: `; handed on to ${next.name.en}` }
      : { zh: '，已无上级可转', en: '; there is no desk above it' }
    // Nobody is late by milliseconds.
    const past = durationText(Math.round(elapsed / SECOND) * SECOND)
    const text = {
      zh: `${desk.name.zh}未在 ${span.zh} 内${zh}（报警已过 ${past.zh}）${on.zh}：${node.text.zh}`,
      en: `Not ${en} within ${span.en} by ${desk.name.en} (${past.en} after it rose)${on.en}: ${node.text.en}`,
    }
    return { site: node.site, instance: RESPONSE, key: node.alarm, active: true, severity, value: step, text }
  }

  function call(node: AlarmNode, now: Instant): void {
    const desk = first(node.site)
    if (!desk || node.instance === RESPONSE) return
    // It is back before anybody acknowledged it: whoever was called is called still, and late as before.
    if (node.call?.clock === 'ack' && wanted(node) === 'ack') return
    node.call = calling(node, { desk, clock: 'ack', step: 0, rose: now, now })
  }

  function settle(node: AlarmNode, stamp: Stamp, into: Transition[]): void {
    const { call } = node
    if (!call || node.instance === RESPONSE) return
    const clock = wanted(node)
    const called = deskOf(call.desk)
    if (called && clock === call.clock) {
      hasten(node, { call, desk: called, now: stamp.now })
      return
    }
    answered(node, stamp, into)
    const desk = clock && first(node.site)
    if (desk) node.call = calling(node, { desk, clock, step: 0, rose: call.rose, now: stamp.now })
    else delete node.call
  }

  return {
    call,
    settle,
    renew(node, stamp, into) {
      if (node.state === 'normal' || (node.call && deskOf(node.call.desk))) return
      if (!node.call) call(node, stamp.now)
      settle(node, stamp, into)
    },
    breach(node, stamp, into) {
      const { call } = node
      const desk = call && deskOf(call.desk)
      if (!call || !desk) return
      // Nobody was told, or another alarm stands for it and has a clock of its own: the time begins anew.
      if (hushOf(node) || stoodFor(node)) {
        node.call = { ...call, since: stamp.now, due: stamp.now + spanOf(node, call.clock) }
        return
      }
      const next = deskOf(desk.parent ?? '')
      const step = call.step + 1
      const breach = late(node, { desk, next, step, elapsed: stamp.now - call.rose })
      const { desk: id, level, clock, rose } = call
      node.call = next
        ? calling(node, { desk: next, clock, step, rose, now: stamp.now })
        : { desk: id, level, step, clock, rose, since: stamp.now }
      if (next) into.push(transit(node, { ...standingOf(node), cause: 'handed-on', at: stamp.now, stamp }))
      // The breach calls whom the alarm calls, and nobody is late for it.
      const { due: _due, quietUntil: _quiet, ...called } = node.call
      own({ ...breach, call: called }, stamp, into)
    },
  }
}

interface Late {
  readonly desk: DutyDesk
  readonly next: DutyDesk | undefined
  readonly step: number
  readonly elapsed: Duration
}

/** Whether a desk is declared; of an alarm that has called none, whether any is. */
export function isDesk({ duty }: Pick<Installation, 'duty'>, desk: string | undefined): boolean {
  return duty !== undefined && (desk === undefined || duty.desks.some(({ id }) => id === desk))
}

/** Sites whose alarms come to a desk, at once or handed on. */
export function sitesUnder(
  installation: Installation,
  { duty, desk }: { duty: Duty; desk: string },
): readonly string[] {
  return [...installation.sites.values()]
    .filter((site) => [...chainOf(duty, firstDesk(duty, site))].some(({ id }) => id === desk))
    .map(({ id }) => id)
}

const rank = (severity: Severity) => SEVERITIES.indexOf(severity)
