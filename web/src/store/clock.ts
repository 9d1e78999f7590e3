/** The desk's clock: ticks once a second, runs by the service's time. */

import { desk } from './desk.ts'
import { createStore, useStore } from './store.ts'

const tick = createStore(Date.now())
setInterval(() => tick.set(() => Date.now()), 1_000)

/** Now by the service's clock, renewed every second. */
export function useNow(): number {
  const local = useStore(tick, (now) => now)
  const skew = useStore(desk, (d) => d.skew)
  return local + skew
}

/** Now by this computer's clock, renewed every second: for how long the stream has been gone. */
export function useLocalNow(): number {
  return useStore(tick, (now) => now)
}
