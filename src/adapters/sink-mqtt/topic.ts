/** The topic of an alarm's transitions. */
import type { Transition } from '../../model/alarm.ts'

/** `davy/v1/{site}/alarms/{rule}/{key}`, slashes of the key being levels. Characters no topic may hold are written as in a URL:
 *  `+` → `%2B`, `#` → `%23`, NUL → `%00`, and so that it can be read back `%` → `%25`. */
export function alarmTopic({ site, rule, key }: Pick<Transition, 'site' | 'rule' | 'key'>): string {
  return `davy/v1/${escaped(site)}/alarms/${escaped(rule)}/${escaped(key)}`
}

const ESCAPES: Readonly<Record<string, string>> = { '%': '%25', '+': '%2B', '#': '%23', '\0': '%00' }

function escaped(part: string): string {
  return part.replace(/[%+#\0]/g, (character) => ESCAPES[character]!)
}
