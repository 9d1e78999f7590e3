/** Rules that throw: each becomes a critical alarm of its own, `rule-fault`, and the other rules go on. */
import type { Condition } from '../model/alarm.ts'
import type { Json } from '../model/json.ts'
import type { RuleInstance } from '../model/rule.ts'
import type { Site } from '../model/site.ts'
import { type Instant, MINUTE } from '../model/time.ts'
import type { Partition } from './partitions.ts'

/** A fault counts as over when its rule has run this long without another. */
const QUIET = 10 * MINUTE

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
  hash: 'built-in',
}

export interface Faults {
  raise(partition: Partition, failure: { readonly error: unknown; readonly now: Instant }): Condition
  /** Clears what has been quiet for long enough. */
  tick(now: Instant, into: Condition[]): void
  due(): Instant
  save(): Json
}

interface Standing {
  readonly site: Site
  readonly key: string
  last: Instant
}

export function createFaults(saved: Json | undefined, all: readonly Partition[]): Faults {
  const standing = new Map<string, Standing>()
  const byKey = new Map(all.map((partition) => [partition.key, partition]))
  for (const [key, last] of (saved as readonly (readonly [string, Instant])[] | undefined) ?? []) {
    const partition = byKey.get(key)
    if (partition) standing.set(key, { site: partition.site, key: partition.instance.id, last })
  }

  return {
    raise(partition, { error, now }) {
      const { site, instance } = partition
      standing.set(partition.key, { site, key: instance.id, last: now })
      const reason = error instanceof Error ? error.message : String(error)
      return {
        site,
        instance: FAULT_INSTANCE,
        key: instance.id,
        truth: 'active',
        at: now,
        severity: 'critical',
        evidence: [],
        text: {
          zh: `规则 ${instance.id} 运行出错，已重新开始监督：${reason}`,
          en: `Rule ${instance.id} failed and began anew: ${reason}`,
        },
      }
    },
    tick(now, into) {
      for (const [key, { site, key: instance, last }] of standing) {
        if (now - last < QUIET) continue
        standing.delete(key)
        if ([...standing.values()].some((s) => s.site === site && s.key === instance)) continue
        into.push({
          site,
          instance: FAULT_INSTANCE,
          key: instance,
          truth: 'inactive',
          at: now,
          severity: 'critical',
          evidence: [],
          text: { zh: `规则 ${instance} 已恢复运行`, en: `Rule ${instance} has been running again for ten minutes` },
        })
      }
    },
    due() {
      let due = Number.POSITIVE_INFINITY
      for (const { last } of standing.values()) due = Math.min(due, last + QUIET)
      return due
    },
    save: () => [...standing].map(([key, { last }]) => [key, last] as const),
  }
}
