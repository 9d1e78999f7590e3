/** The reference of transitions: their fields, and the lifecycle as the alarm desk itself has it. */
import { type AlarmEvent, advance, LIVES, type Standing, type Traits } from '../../src/alerts/advance.ts'
import { TransitionBody } from '../../src/app/api/schemas.ts'
import { CAUSES, SEVERITIES } from '../../src/model/alarm.ts'
import { table } from './table.ts'

const EVENTS: readonly (readonly [AlarmEvent, string])[] = [
  ['raise', 'the condition has held for `raiseAfter`'],
  ['clear', 'its end has held for `clearAfter`'],
  ['ack', 'somebody acknowledges'],
  ['confirm', 'somebody confirms'],
  ['reset', 'somebody resets'],
]
const COLOURS = ['red', 'orange', 'yellow', 'blue'] as const

/** `transitions.md`. */
export function transitionsReference(): Readonly<Record<string, string>> {
  const parts = [
    '# Transitions',
    "One step of one alarm's life: the only thing that leaves the service, the same bytes by `davy replay`, on the event stream ([API](api.md#stream)), in an alarm's timeline, and on MQTT under `davy/v1/{site}/alarms/{rule}/{key}` ([broker](../adapters/mqtt.md)). Whoever takes them in keeps them by `id`: the same one may come twice, never with another content.",
    table(TransitionBody),
    '## States',
    lifecycle({}),
    '`rtn-unacked`: returned to normal, and nobody has acknowledged it yet. Shelving, suppression and out-of-service change what is shown, never the state. In brackets stands `held`: why the alarm still stands though its condition is over. A reader that does not know `held` sees a latched alarm as active, and one that waits for confirmation as returned and not yet dealt with.',
    'With `latch: true` on the rule item these cells are others:',
    lifecycle({ latch: true }, {}),
    'With `confirm: true`:',
    lifecycle({ confirm: true }, {}),
    '## Causes',
    CAUSES.map((cause) => `\`${cause}\``).join(', '),
    '`confirmed` and `reset` end what `held` an alarm; `realarmed` tells it again; `handed-on` calls another desk; `withdrawn` ends what an older program raised and the one now running does not derive from the journal. What each of them is for: [alarms](../alarms.md).',
    '## Severities',
    ['| severity | colour |', '|---|---|', ...SEVERITIES.map((word, i) => `| \`${word}\` | ${COLOURS[i]} |`)].join(
      '\n',
    ),
  ]
  return { 'transitions.md': `${parts.join('\n\n')}\n` }
}

/** The table for rule items that ask for `traits`; of those rows only that differ from the table for `than`, where it is given. */
function lifecycle(traits: Traits, than?: Traits): string {
  const rows = Object.values<Standing>(LIVES).map((from) => {
    const cells = (asked: Traits) => EVENTS.map(([event]) => cellOf(from, [event, asked]))
    const row = (asked: Traits) => `| ${nameOf(from)} | ${cells(asked).join(' | ')} |`
    return than && row(traits) === row(than) ? undefined : row(traits)
  })
  const head = `| in state | ${EVENTS.map(([, told]) => told).join(' | ')} |`
  const rule = `|---|${EVENTS.map(() => '---').join('|')}|`
  return [head, rule, ...rows.filter((row) => row !== undefined)].join('\n')
}

function nameOf({ state, held }: Standing): string {
  return held ? `\`${state}\` (${held})` : `\`${state}\``
}

function cellOf(from: Standing, [event, traits]: readonly [AlarmEvent, Traits]): string {
  const step = advance(from, { event, traits })
  if (typeof step === 'string') return event === 'raise' || event === 'clear' ? '–' : `refused: \`${step}\``
  return `→ ${nameOf(step)}, cause \`${step.cause}\``
}
