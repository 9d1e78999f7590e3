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

type SavedFaults = readonly (readonly [key: string, last: Instant, site: string, instance: string])[]

interface Standing {
  readonly site: Site
  readonly key: string
  last: Instant
}

export function createFaults(
  saved: Json | undefined,
  { partitions, sites }: { partitions: readonly Partition[]; sites: ReadonlyMap<string, Site> },
): Faults {
  const standing = new Map<string, Standing>()
  const byKey = new Map(partitions.map((partition) => [partition.key, partition]))
  // A partition that is no more has been quiet for ever: its alarm must not outlive it.
  for (const [key, last, siteId, instance] of (saved as SavedFaults | undefined) ?? []) {
    const site = sites.get(siteId)
    if (site) standing.set(key, { site, key: instance, last })
  }
  /** What cannot even begin stays down, and its alarm up. */
  const isDown = (key: string) => byKey.get(key)?.dead === true

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
        if (now - last < QUIET || isDown(key)) continue
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
      for (const [key, { last }] of standing) if (!isDown(key)) due = Math.min(due, last + QUIET)
      return due
    },
    save: () => [...standing].map(([key, { last, site, key: instance }]) => [key, last, site.id, instance] as const),
  }
}
