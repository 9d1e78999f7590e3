/** Who was told that an alarm stands, and not yet that it is over. */
import type { Transition } from '../../model/alarm.ts'
import type { LastWord, OutboxItem } from '../../model/notification.ts'
import type { Target } from './route.ts'

export interface LastWords {
  /** Addresses for which an alarm stands, by what they were told last, the newest first. */
  standing(alarm: string): readonly Pick<Target, 'channel' | 'id'>[]
  /** These are told as well, in the journal's order. */
  note(items: readonly Pick<OutboxItem, 'channel' | 'target' | 'transition'>[]): void
}

/** Begins with what the outbox knows. */
export function gatherWords(known: readonly LastWord[]): LastWords {
  /** Alarm → address → its last word, the newest first. */
  const words = new Map<string, Map<string, LastWord>>()
  function put(word: LastWord): void {
    const { alarm, channel, target } = word
    const addresses = words.get(alarm) ?? new Map<string, LastWord>()
    const address = `${channel}\n${target}`
    const rest = [...addresses].filter(([each]) => each !== address)
    words.set(alarm, new Map([[address, word], ...rest]))
  }
  for (const word of [...known].reverse()) put(word)
  return {
    standing: (alarm) =>
      [...(words.get(alarm)?.values() ?? [])]
        .filter(({ transition }) => saysThatItStands(transition))
        .map(({ channel, target }) => ({ channel, id: target })),
    note(items) {
      for (const { channel, target, transition } of items) put({ alarm: transition.alarm, channel, target, transition })
    },
  }
}

/** What a latched alarm's end leaves standing is a matter of the desk: people have heard that it is over. */
function saysThatItStands({ to, cause }: Transition): boolean {
  return cause !== 'cleared' && (to === 'unacked' || to === 'acked')
}
