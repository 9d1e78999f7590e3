/** Windows of work (作业时段): declared here and kept in this browser, since the service does not list them; and those seen on alarms. */
import { ask } from '../api/http.ts'
import type { AlarmBody, CommandReply, WindowBody } from '../api/types.ts'
import { isWindow } from '../format/by.ts'
import { take } from './session.ts'
import { createStore, useStore } from './store.ts'

export interface Declared extends WindowBody {
  readonly site: string
}

const KEY = 'davy.windows'

function stored(): readonly Declared[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]')
    return Array.isArray(found) ? (found as Declared[]) : []
  } catch {
    return [] // forbidden or spoilt: the windows hold all the same
  }
}

const mine = createStore<readonly Declared[]>(stored())

function keep(windows: readonly Declared[]): void {
  mine.set(() => windows)
  try {
    localStorage.setItem(KEY, JSON.stringify(windows))
  } catch {
    // as above
  }
}

const same = (a: Declared, b: Declared): boolean => a.site === b.site && a.window === b.window

async function say({ site, ...body }: Declared): Promise<void> {
  const path = `sites/${encodeURIComponent(site)}/windows`
  take((await ask<CommandReply>(path, { method: 'POST', body })).transitions)
}

/** Rejects with the service's `Problem`. */
export async function declare(window: Declared): Promise<void> {
  await say(window)
  keep([...mine.get().filter((other) => !same(other, window)), window])
}

/** The same window again, with an end that has come. Rejects with the service's `Problem`. */
export async function end(window: Declared, now: number): Promise<void> {
  await say({ ...window, until: new Date(now).toISOString() })
  keep(mine.get().filter((other) => !same(other, window)))
}

/** Those declared from this browser that hold at `now`. */
export function useDeclared(now: number): readonly Declared[] {
  return useStore(mine, (all) => all).filter(({ until }) => Date.parse(until) > now)
}

/** Whether an alarm is kept from people by a window, rather than by another alarm. */
export const byWindow = ({ last: { hush } }: AlarmBody): boolean => hush?.kind === 'suppressed' && isWindow(hush.by)
