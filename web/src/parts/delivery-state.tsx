/** What became of a message, as a word in the colour of its weight. */
import type { DeliveryBody } from '../api/types.ts'
import { useLanguage } from '../i18n/language.ts'

const TONES = { waiting: 'dim', queued: 'dim', failed: 'major', sent: 'ok', dead: 'critical' } as const

export function DeliveryState({ state }: { state: DeliveryBody['state'] }) {
  const { w } = useLanguage()
  return (
    <span className="flag" data-tone={TONES[state]}>
      {w.deliveries.state[state]}
    </span>
  )
}
