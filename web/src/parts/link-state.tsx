/** A link's state as a pill, with what is wrong under it: a link may be up, and something of the past missing. */
import type { LinkBody } from '../api/types.ts'
import { useLanguage } from '../i18n/language.ts'

const SHOWN = {
  up: 'live',
  live: 'live',
  down: 'lost',
  silent: 'lost',
  connecting: 'connecting',
  late: 'late',
  unheard: 'unheard',
} as const

export function LinkState({ state, reason }: Pick<LinkBody, 'state' | 'reason'>) {
  const { w } = useLanguage()
  return (
    <>
      <span className="link-pill" data-state={SHOWN[state]}>
        <span className="dot" />
        {w.link[state]}
      </span>
      {reason !== undefined && <span className="under reason">{reason}</span>}
    </>
  )
}
