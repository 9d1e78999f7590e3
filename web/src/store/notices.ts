/** Short messages to the officer: shown until read or, where nothing is asked of anybody, for a few seconds. */
import type { Problem } from '../api/http.ts'
import { createStore } from './store.ts'

export interface Notice {
  readonly id: number
  readonly tone: 'error' | 'done'
  readonly title: string
  readonly problem?: Problem
}

export const notices = createStore<readonly Notice[]>([])
let last = 0

export function notify(notice: Omit<Notice, 'id'>): void {
  const id = ++last
  notices.set((all) => [...all.filter((other) => !same(other, notice)), { id, ...notice }].slice(-4))
  setTimeout(() => dismiss(id), notice.tone === 'error' ? 15_000 : 5_000)
}

export function dismiss(id: number): void {
  notices.set((all) => all.filter((notice) => notice.id !== id))
}

const same = (a: Omit<Notice, 'id'>, b: Omit<Notice, 'id'>): boolean =>
  a.tone === b.tone && a.title === b.title && a.problem?.code === b.problem?.code
