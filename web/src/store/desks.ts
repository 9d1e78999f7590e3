/** The duty desks (值班台) of `duty.yaml`: the tree, their names, and which may be handed over. */
import { useMemo } from 'react'
import type { DutyDeskBody, DutyTree } from '../api/types.ts'
import { useLanguage } from '../i18n/language.ts'
import { useDesk } from './desk.ts'
import { type Fetched, useFetched } from './fetched.ts'

const EVERY = 30_000

export const useDutyTree = (): Fetched<DutyTree> => useFetched<DutyTree>('desks', { every: EVERY })

export interface NamedDesk {
  readonly id: string
  readonly name: string
}

/** Desks that can be handed over, by name: those declared, or the sites, which stand in where none is. */
export function useDesks(tree: DutyTree | undefined): readonly NamedDesk[] {
  const { text } = useLanguage()
  const sites = useDesk((d) => d.sites.value)
  return useMemo(() => {
    const declared = (tree?.desks ?? []).map(({ desk, name }) => ({ id: desk, name: text(name) }))
    if (declared.length > 0 || !tree) return declared
    return (sites ?? []).map(({ site, name }) => ({ id: site, name: text(name) }))
  }, [tree, sites, text])
}

export interface DeskRow {
  readonly desk: DutyDeskBody
  /** 0 for the uppermost. */
  readonly depth: number
}

/** The tree read from the top, desks of one parent as declared. A parent that is not declared makes a root. */
export function deskRows(desks: readonly DutyDeskBody[]): readonly DeskRow[] {
  const known = new Set(desks.map(({ desk }) => desk))
  const under = Map.groupBy(desks, ({ parent }) => (parent !== undefined && known.has(parent) ? parent : ''))
  const rows: DeskRow[] = []
  const walk = (parent: string, depth: number) => {
    for (const desk of under.get(parent) ?? []) {
      rows.push({ desk, depth })
      walk(desk.desk, depth + 1)
    }
  }
  walk('', 0)
  return rows
}
