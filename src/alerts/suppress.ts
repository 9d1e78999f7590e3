/** Suppression by design (设计抑制): while a cause stands, its consequences are not told; what is statutory is told under its cause. */
import type { Suppression } from '../model/handling.ts'
import { areaAttribute, matchesArea, matchesPoint, pointAttribute } from '../model/match.ts'
import type { Installation } from '../model/site.ts'
import { isActive } from './advance.ts'
import { type AlarmNode, isKeptBack } from './alarm-node.ts'
import { areasOf } from './place.ts'

export interface Suppressions {
  /** A cause rose or ended, or a person began or ceased to keep it from people (`isKeptBack`); returns the rule items and rules whose alarms that concerns, none where it is no cause. */
  note(node: AlarmNode): readonly string[]
  /** Alarms that stand and of which this one is a consequence, in one order whatever the order in which they rose. */
  causes(node: AlarmNode): readonly string[]
}

/** `nodes` that stand already are taken in. */
export function createSuppressions(installation: Installation | undefined, nodes: Iterable<AlarmNode>): Suppressions {
  const all = installation?.suppressions ?? []
  /** Suppression and what its causes and consequences have in common → the causes that stand. */
  const standing = new Map<string, Set<string>>()

  const named = (node: AlarmNode, rule: string) => node.instance === rule || node.rule === rule
  const isCause = (node: AlarmNode, { while: cause }: Suppression) =>
    named(node, cause.rule) && (cause.key === undefined || cause.key === node.key)

  function attributeOf(node: AlarmNode, name: string): unknown {
    const site = installation?.sites.get(node.site)
    const point = site?.points.get(node.place.point ?? '')
    const found = point && pointAttribute(point, name)
    if (found !== undefined) return found
    const area = site?.areas.get(node.place.area ?? '')
    return area && areaAttribute(area, name)
  }

  function isConsequence(node: AlarmNode, { alarms: { rule, match } }: Suppression): boolean {
    if (!named(node, rule)) return false
    if (Object.keys(match).length === 0) return true
    const site = installation?.sites.get(node.site)
    const point = site?.points.get(node.place.point ?? '')
    const area = site?.areas.get(node.place.area ?? '')
    return (point !== undefined && matchesPoint(point, match)) || (area !== undefined && matchesArea(area, match))
  }

  /** The value of what a suppression's two sides have in common, on the side of the cause. */
  function given(node: AlarmNode, same: string): string | undefined {
    if (same === 'site') return ''
    if (same === 'area') return node.place.area
    return same === 'point' ? node.place.point : node.key
  }

  /** The same on the side of the consequence: any of these will do. */
  function wanted(node: AlarmNode, same: string): readonly unknown[] {
    if (same === 'site') return ['']
    if (same === 'area') return [...areasOf(installation, node)].map(({ id }) => id)
    return same === 'point' ? [node.place.point] : [attributeOf(node, same)].flat()
  }

  const slot = (suppression: Suppression, site: string, value: unknown) => `${suppression.id}|${site}|${String(value)}`

  function note(node: AlarmNode): readonly string[] {
    const concerned: string[] = []
    for (const suppression of all) {
      if (!isCause(node, suppression)) continue
      const value = given(node, suppression.same)
      if (value === undefined) continue
      const key = slot(suppression, node.site, value)
      const causes = standing.get(key) ?? new Set<string>()
      // Nobody is told of such a cause: what it brings about must be.
      if (isActive(node) && !isKeptBack(node)) causes.add(node.alarm)
      else causes.delete(node.alarm)
      if (causes.size > 0) standing.set(key, causes)
      else standing.delete(key)
      concerned.push(suppression.alarms.rule)
    }
    return concerned
  }

  if (all.length > 0) for (const node of nodes) if (isActive(node)) note(node)

  return {
    note,
    causes(node) {
      const found = new Set<string>()
      for (const suppression of all) {
        if (standing.size === 0) break
        if (!isConsequence(node, suppression)) continue
        for (const value of wanted(node, suppression.same)) {
          for (const cause of standing.get(slot(suppression, node.site, value)) ?? []) {
            if (cause !== node.alarm) found.add(cause)
          }
        }
      }
      return [...found].sort()
    },
  }
}
