/** Unmasked looks at alarms about people, on record without a record for each refresh of a page. */
import type { FastifyRequest } from 'fastify'
import { type Instant, MINUTE } from '../../model/time.ts'
import type { ApiContext } from './context.ts'
import { principalOf } from './guard.ts'

/** A page asks again with each step of the alarm that it shows: that is one look. */
const ONE_LOOK = 10 * MINUTE
/** Looks remembered; beyond them one may be recorded twice. */
const REMEMBERED = 10_000

export interface Looks {
  /** Resolves once the look is on disk, at once where it goes on from one that is. */
  record(request: FastifyRequest, alarm: string): Promise<void>
}

export function createLooks({ auth, clock }: Pick<ApiContext, 'auth' | 'clock'>): Looks {
  const recorded = new Map<string, Instant>()
  return {
    async record(request, alarm) {
      const { user, session } = principalOf(request)
      const look = `${session}\n${alarm}`
      const now = clock.now()
      const last = recorded.get(look)
      if (last !== undefined && now - last < ONE_LOOK) return
      await auth.audit.append({ who: user, action: 'alarm-viewed', object: alarm, address: request.ip })
      recorded.delete(look)
      recorded.set(look, now)
      if (recorded.size > REMEMBERED) recorded.delete(recorded.keys().next().value!)
    },
  }
}
