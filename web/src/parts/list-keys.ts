/** The keys of an alarm list: `/` filter, arrows, Enter, Space, `a`. */
import { useEffect, useRef } from 'react'

interface ListKeys {
  readonly ids: readonly string[]
  readonly cursor: string | undefined
  moveTo(id: string): void
  open(id: string): void
  toggle(id: string): void
  /** `undefined` where the cursor is nowhere. */
  acknowledge(id: string | undefined): void
  filter(): void
}

/** Listens on the whole page, but not while somebody types, presses a button or reads a dialog. */
export function useListKeys(keys: ListKeys): void {
  const latest = useRef(keys)
  latest.current = keys
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
      const target = event.target as HTMLElement
      if (target.closest('input, textarea, select, [role="combobox"], [role="dialog"]')) return
      if (target.closest('button, a') && (event.key === 'Enter' || event.key === ' ')) return
      if (press(event.key, latest.current)) event.preventDefault()
    }
    addEventListener('keydown', listen)
    return () => removeEventListener('keydown', listen)
  }, [])
}

/** Whether the key meant something here. */
function press(key: string, { ids, cursor, moveTo, open, toggle, acknowledge, filter }: ListKeys): boolean {
  const at = cursor === undefined ? -1 : ids.indexOf(cursor)
  const here = ids[at]
  const go = (index: number): boolean => {
    const next = ids[Math.max(0, Math.min(ids.length - 1, index))]
    if (next !== undefined) moveTo(next)
    return true
  }
  switch (key) {
    case '/':
      filter()
      return true
    case 'ArrowDown':
      return go(at + 1)
    case 'ArrowUp':
      return go(at - 1)
    case 'Home':
      return go(0)
    case 'End':
      return go(ids.length - 1)
    case 'a':
      acknowledge(here)
      return true
    case 'Enter':
      if (here !== undefined) open(here)
      return here !== undefined
    case ' ':
      if (here !== undefined) toggle(here)
      return here !== undefined
    default:
      return false
  }
}
