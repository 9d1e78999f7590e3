/** Welding machines with a chip: scan, unlock, start, arcs and pauses, stop, lock, by persons who may weld. */
import type { Point } from '../../src/model/point.ts'
import { formatInstant, type Instant, MINUTE, SECOND } from '../../src/model/time.ts'
import type { Random } from '../random.ts'
import { pointsOf, type Setting, shown } from '../setting.ts'

const PERIOD = 5 * SECOND

interface Machine {
  readonly current: Point
  readonly session: Point | undefined
  readonly random: Random
  burning: boolean
  /** An arc that no session stands behind, until then. */
  rogue: Instant
}

export interface Welders {
  /** Arc without a session, for so long. */
  weldUnlocked(machine: string, duration: number): void
}

export function createWelders(setting: Setting): Welders {
  const { site, timeline, gateway, random, opening } = setting
  const sessions = pointsOf(setting, ['weld.session'])
  const machines = new Map<string, Machine>()
  for (const current of pointsOf(setting, ['weld.current'])) {
    const name = String(current.attributes.machine)
    const session = sessions.find(({ attributes }) => attributes.machine === name)
    machines.set(name, { current, session, random: random.fork(name), burning: false, rogue: 0 })
  }
  const today = formatInstant(timeline.now, site.timezone).slice(0, 10)
  const welders = [...site.people.values()].filter(
    ({ certificate, expires }) => certificate === 'welding' && expires !== undefined && expires > today,
  )

  const amperes = ({ random: own }: Machine) => shown(own.between(165, 205), 0)
  const burns = (machine: Machine) => machine.burning || machine.rogue > timeline.now
  const report = (machine: Machine) => gateway.say(machine.current, burns(machine) ? amperes(machine) : 0)

  let index = 0
  for (const [, machine] of machines) {
    const mine = welders[index]
    timeline.every(
      () => (burns(machine) ? PERIOD : 6 * PERIOD),
      machine.random.between(0, PERIOD),
      () => report(machine),
    )
    // The last machine stands idle, and nobody welds two at once.
    if (mine && machine.session && index < machines.size - 1) work(machine, mine.id)
    index += 1
  }

  function work(machine: Machine, person: string): void {
    const { session, random: own } = machine
    const say = (event: 'scan' | 'unlock' | 'start' | 'stop' | 'lock') => gateway.say(session!, { event, person })
    const begin = () => {
      say('scan')
      timeline.after(3 * SECOND, () => say('unlock'))
      timeline.after(10 * SECOND, () => {
        say('start')
        arc(timeline.now + own.between(8, 16) * MINUTE)
      })
    }
    const arc = (end: Instant) => {
      burn(machine, true)
      timeline.after(own.between(18, 42) * SECOND, () => {
        burn(machine, false)
        if (timeline.now < end) timeline.after(own.between(9, 25) * SECOND, () => arc(end))
        else {
          say('stop')
          timeline.after(5 * SECOND, () => say('lock'))
          timeline.after(own.between(2, 7) * MINUTE, begin)
        }
      })
    }
    // Whoever listens from the beginning hears every arc unlocked.
    timeline.after(opening + own.between(1, 60) * SECOND, begin)
  }

  function burn(machine: Machine, on: boolean): void {
    machine.burning = on
    report(machine)
  }

  return {
    weldUnlocked(name, duration) {
      const machine = machines.get(name)
      if (!machine) throw new RangeError(`${site.id} has no machine ${name}`)
      machine.rogue = timeline.now + duration
      report(machine)
      for (let t = PERIOD; t < duration; t += PERIOD) timeline.after(t, () => report(machine))
      timeline.after(duration, () => report(machine))
    },
  }
}
