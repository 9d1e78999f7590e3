/** The alarms that are not normal, by the rule, the rule item and the site they belong to. */
import { SEVERITIES } from '../model/alarm.ts'
import { isActive } from './advance.ts'
import type { AlarmNode } from './alarm-node.ts'

export interface Standing {
  /** To be called after an alarm has moved. */
  note(node: AlarmNode): void
  /** Of a rule or a rule item. */
  ofRule(rule: string): Iterable<AlarmNode>
  ofSite(site: string): Iterable<AlarmNode>
}

export function createStanding(): Standing {
  const rules = new Map<string, Set<AlarmNode>>()
  const sites = new Map<string, Set<AlarmNode>>()
  const up = new Set<AlarmNode>()

  function place(groups: Map<string, Set<AlarmNode>>, name: string, node: AlarmNode): void {
    const group = groups.get(name)
    if (group) group.add(node)
    else groups.set(name, new Set([node]))
  }

  return {
    note(node) {
      const stands = node.state !== 'normal'
      if (stands === up.has(node)) return
      if (stands) {
        up.add(node)
        place(rules, node.rule, node)
        place(rules, node.instance, node)
        place(sites, node.site, node)
      } else {
        up.delete(node)
        rules.get(node.rule)?.delete(node)
        rules.get(node.instance)?.delete(node)
        sites.get(node.site)?.delete(node)
      }
    },
    ofRule: (rule) => rules.get(rule) ?? [],
    ofSite: (site) => sites.get(site) ?? [],
  }
}

/** The order of a duty desk's list (ISA-18.2): what holds before what is over, and of that what nobody has acknowledged first; then the
 *  worst, then the oldest. A critical alarm that has returned to normal waits to be acknowledged, not for help. */
export function byUrgency(a: AlarmNode, b: AlarmNode): number {
  const turn = (node: AlarmNode) => (isActive(node) ? 0 : 2) + (node.state === 'acked' ? 1 : 0)
  const rank = ({ severity }: AlarmNode) => SEVERITIES.indexOf(severity)
  return turn(a) - turn(b) || rank(a) - rank(b) || a.raised - b.raised || (a.alarm < b.alarm ? -1 : 1)
}
