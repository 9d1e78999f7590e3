/** The smallest store: one immutable state, pure updates, subscribers. */
import { useSyncExternalStore } from 'react'

export interface Store<S> {
  get(): S
  set(update: (state: S) => S): void
  subscribe(listener: () => void): () => void
}

/** Listeners are told once per update that changed the state. */
export function createStore<S>(initial: S): Store<S> {
  let state = initial
  const listeners = new Set<() => void>()
  return {
    get: () => state,
    set(update) {
      const next = update(state)
      if (Object.is(next, state)) return
      state = next
      for (const listener of [...listeners]) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** Renders again when the selected part changes; `select` must return a stored value, not build one. */
export function useStore<S, T>(store: Store<S>, select: (state: S) => T): T {
  return useSyncExternalStore(store.subscribe, () => select(store.get()))
}
