/** Rules that throw: each becomes a critical alarm of its own, `rule-fault`; what it had said is unknown until it runs again, and the other rules go on. */
import type { Condition } from '../model/alarm.ts'
import type { Json } from '../model/json.ts'
import { BUILT_IN, type RuleInstance } from '../model/rule.ts'
import type { Site } from '../model/site.ts'
import { type Instant, MINUTE, SECOND } from '../model/time.ts'
import type { Partition } from './partitions.ts'

/** A fault counts as over when its rule has run this long without another. */
const QUIET = 10 * MINUTE
/** A rule that keeps failing is begun anew ever more seldom, but never given up. */
const FIRST_WAIT = SECOND
const LONGEST_WAIT = 5 * MINUTE
/** Keys named in the alarm's words. */
const NAMED = 3

/** What a rule's failure is filed under; no pack declares it and none can turn it off. */
export const FAULT_INSTANCE: RuleInstance = {
  index: -1,
  id: 'rule-fault',
  rule: 'rule-fault',
  regulation: { id: 'davylamp', title: { zh: '系统自检', en: 'Self-supervision' } },
  match: {},
  severity: 'critical',
  raiseAfter: 0,
  clearAfter: 0,
  params: {},
  hash: BUILT_IN,
  lineage: BUILT_IN,
}

export interface Faults {
  /** The partition's rule threw: it is down until `begin` is due. States the fault, and doubts what the partition had said. */
  raise(partition: Partition, failure: { readonly error: unknown; readonly now: Instant }, into: Condition[]): void
  /** Begins anew what is due, in the order of the partitions, and ends what has been quiet for long enough. */
  tick(now: Instant, into: Condition[], begin: (partition: Partition) => void): void
  due(): Instant
  save(): Json
}

type SavedFaults = readonly (readonly [key: string, lineage: string, fault: Fault, site: string, instance: string])[]

interface Fault {
  /** When it last threw or was last begun anew. */
  last: Instant
  /** Failures since it last was quiet. */
  failures: number
  /** When it is begun anew; absent while it runs. */
  again?: Instant
}

interface Standing extends Fault {
  readonly site: Site
  readonly key: string
  readonly lineage: string
}

export function createFaults(
  saved: Json | undefined,
  { partitions, sites }: { partitions: readonly Partition[]; sites: ReadonlyMap<string, Site> },
): Faults {
  const standing = new Map<string, Standing>()
  const byKey = new Map(partitions.map((partition) => [partition.key, partition]))
  // A partition that is no more has been quiet for ever: its alarm must not outlive it.
  for (const [key, lineage, fault, siteId, instance] of (saved as unknown as SavedFaults | undefined) ?? []) {
    const site = sites.get(siteId)
    if (!site) continue
    const partition = byKey.get(key)
    const { again, ...rest } = fault
    const down = again !== undefined && partition?.instance.lineage === lineage
    if (down) partition.dead = true
    standing.set(key, { ...rest, ...(down && { again }), site, key: instance, lineage })
  }

  return {
    raise(partition, { error, now }, into) {
      const { site, instance, claims } = partition
      const failures = (standing.get(partition.key)?.failures ?? 0) + 1
      const wait = Math.min(FIRST_WAIT * 2 ** (failures - 1), LONGEST_WAIT)
      partition.dead = true
      const fault = { site, key: instance.id, lineage: instance.lineage, last: now, failures, again: now + wait }
      standing.set(partition.key, fault)
      into.push(stated(fault, { active: true, now, text: faultText(instance.id, { error, keys: [...claims.keys()] }) }))
      for (const [key, kept] of claims) {
        kept.doubted = true
        const text = {
          zh: `规则 ${instance.id} 运行出错，是否仍成立未知`,
          en: `Rule ${instance.id} failed: whether this still holds is unknown`,
        }
        into.push({ site, instance, key, truth: 'unknown', at: now, severity: kept.severity, text, evidence: [] })
      }
    },
    tick(now, into, begin) {
      for (const [key, fault] of standing) {
        if (fault.again !== undefined && fault.again <= now) {
          delete fault.again
          fault.last = now
          const partition = byKey.get(key)
          if (partition) begin(partition)
        }
      }
      for (const [key, fault] of standing) {
        if (fault.again !== undefined || now - fault.last < QUIET) continue
        standing.delete(key)
        const partition = byKey.get(key)
        if (partition) into.push(...withdrawn(partition, now))
        if ([...standing.values()].some((s) => s.site === fault.site && s.key === fault.key)) continue
        const text = {
          zh: `规则 ${fault.key} 已恢复运行`,
          en: `Rule ${fault.key} has been running again for ten minutes`,
        }
        into.push(stated(fault, { active: false, now, text }))
      }
    },
    due() {
      let due = Number.POSITIVE_INFINITY
      for (const { last, again } of standing.values()) due = Math.min(due, again ?? last + QUIET)
      return due
    },
    save: () =>
      [...standing].map(([key, { last, failures, again, site, key: instance, lineage }]) => [
        key,
        lineage,
        { last, failures, ...(again !== undefined && { again }) },
        site.id,
        instance,
      ]) as unknown as Json,
  }
}

function stated(
  { site, key }: Standing,
  { active, now, text }: { active: boolean; now: Instant; text: Condition['text'] },
): Condition {
  const truth = active ? 'active' : 'inactive'
  return { site, instance: FAULT_INSTANCE, key, truth, at: now, severity: 'critical', evidence: [], text }
}

function faultText(id: string, { error, keys }: { error: unknown; keys: readonly string[] }): Condition['text'] {
  const reason = error instanceof Error ? error.message : String(error)
  const named = keys.slice(0, NAMED).join(', ')
  const more = keys.length > NAMED ? keys.length - NAMED : 0
  const zh = keys.length > 0 ? `；其报警是否仍成立未知：${named}${more > 0 ? ` 等 ${keys.length} 项` : ''}` : ''
  const en = keys.length > 0 ? `; unknown until then: ${named}${more > 0 ? ` and ${more} more` : ''}` : ''
  return {
    zh: `规则 ${id} 运行出错，将重新开始监督：${reason}${zh}`,
    en: `Rule ${id} failed and will begin anew: ${reason}${en}`,
  }
}

/** What it had said before it failed and has not found again in all that time: nobody stands behind it any more. */
function withdrawn({ site, instance, claims }: Partition, now: Instant): Condition[] {
  return [...claims].flatMap(([key, { doubted, severity }]): Condition[] => {
    if (!doubted) return []
    claims.delete(key)
    const text = {
      zh: `规则 ${instance.id} 出错后重新运行十分钟，未再发现此情况，须现场核实`,
      en: `Rule ${instance.id} began anew after a failure and has not found this again for ten minutes: look on the spot`,
    }
    return [
      { site, instance, key, truth: 'inactive', at: now, severity, text, evidence: [], clearAfter: 0, elapsed: true },
    ]
  })
}
