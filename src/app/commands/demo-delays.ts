/** The demo's only change to the rules: on the real clock nobody wants to wait an hour for a card that was left. */
import type { RuleInstance } from '../../model/rule.ts'
import type { Installation } from '../../model/site.ts'
import { type Duration, formatDuration, SECOND } from '../../model/time.ts'
import { hashOf } from '../config/hash.ts'

/** A card lies still for so long before it counts as left. */
const STILL: Duration = 40 * SECOND
const LEAST = 10

/** By how much the delays of the other rules are divided: enough for the speed. */
export function divisor(speed: number): number {
  return Math.max(LEAST, speed)
}

/** The same installation with shorter delays; limits and numbers of people stay what they are. */
export function withDemoDelays(installation: Installation, speed: number): Installation {
  const by = divisor(speed)
  const rules = installation.rules.map((instance) => hasten(shorten(instance, by), speed))
  return { ...installation, rules, hash: hashOf({ hash: installation.hash, demo: by, speed }) }
}

/** What was done, for the reader of the output. */
export function demoDelays(speed: number): { zh: string; en: string } {
  const by = divisor(speed)
  const still = formatDuration(STILL)
  return {
    zh: `演示时缩短规则的等待时间：各项延时除以 ${by}，人卡分离静止判定为 ${still}；限值不变，config/ 不改。`,
    en: `For the demo the rules wait less: delays are divided by ${by}, a card counts as left after ${still}. Limits stay, and so does config/.`,
  }
}

function shorten(instance: RuleInstance, by: number): RuleInstance {
  const divide = (delay: Duration) => Math.round(delay / by)
  const params = { ...(instance.params as Record<string, unknown>) }
  // Not that of a power cut: it is what a feeder can do, not what a viewer waits for.
  if (instance.rule === 'card-missing' || instance.rule === 'not-evacuated') {
    params.within = divide(params.within as Duration)
  }
  if (instance.rule === 'card-left') params.still = Math.min(STILL, params.still as Duration)
  if (instance.rule === 'limit') {
    const levels = params.levels as readonly { raiseAfter?: Duration; clearAfter?: Duration }[]
    params.levels = levels.map((level) => ({
      ...level,
      ...(level.raiseAfter !== undefined && { raiseAfter: divide(level.raiseAfter) }),
      ...(level.clearAfter !== undefined && { clearAfter: divide(level.clearAfter) }),
    }))
  }
  return {
    ...instance,
    params,
    raiseAfter: divide(instance.raiseAfter),
    clearAfter: divide(instance.clearAfter),
    hash: hashOf({ hash: instance.hash, demo: by }),
  }
}

/** People who live faster also walk faster: what a rule takes for impossible, or for one carrier, keeps its meaning. */
function hasten(instance: RuleInstance, speed: number): RuleInstance {
  const params = instance.params as Record<string, unknown>
  if (speed <= 1) return instance
  const hash = hashOf({ hash: instance.hash, speed })
  if (instance.rule === 'card-conflict') {
    const faster = { speed: (params.speed as number) * speed, ride: (params.ride as number) * speed }
    return { ...instance, hash, params: { ...params, ...faster } }
  }
  if (instance.rule === 'card-convoy') {
    return { ...instance, hash, params: { ...params, gap: Math.round((params.gap as Duration) / speed) } }
  }
  return instance
}
