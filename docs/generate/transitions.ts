/** The reference of transitions: their fields, and the lifecycle as the alarm desk itself has it. */
import { type AlarmEvent, advance } from '../../src/alerts/advance.ts'
import { TransitionBody } from '../../src/app/api/schemas.ts'
import { ALARM_STATES, CAUSES, SEVERITIES } from '../../src/model/alarm.ts'
import { table } from './table.ts'

const EVENTS: readonly (readonly [AlarmEvent, string])[] = [
  ['raise', 'the condition has held for `raiseAfter`'],
  ['clear', 'its end has held for `clearAfter`'],
  ['ack', 'somebody acknowledges'],
]
const COLOURS = ['red', 'orange', 'yellow', 'blue'] as const

/** `transitions.md`. */
export function transitionsReference(): Readonly<Record<string, string>> {
  const parts = [
    '# Transitions',
    "One step of one alarm's life: the only thing that leaves the service, the same bytes by `davy replay`, on the event stream ([API](api.md#stream)), in an alarm's timeline, and on MQTT under `davy/v1/{site}/alarms/{rule}/{key}` ([broker](../adapters/mqtt.md)). Whoever takes them in keeps them by `id`: the same one may come twice, never with another content.",
    table(TransitionBody),
    '## States',
    [
      `| in state | ${EVENTS.map(([, told]) => told).join(' | ')} |`,
      `|---|${EVENTS.map(() => '---').join('|')}|`,
      ...ALARM_STATES.map((state) => `| \`${state}\` | ${EVENTS.map(([event]) => cellOf(state, event)).join(' | ')} |`),
    ].join('\n'),
    '`rtn-unacked`: returned to normal, and nobody has acknowledged it yet. Shelving, suppression and out-of-service change what is shown, never the state.',
    '## Causes',
    CAUSES.map((cause) => `\`${cause}\``).join(', '),
    '## Severities',
    ['| severity | colour |', '|---|---|', ...SEVERITIES.map((word, i) => `| \`${word}\` | ${COLOURS[i]} |`)].join(
      '\n',
    ),
  ]
  return { 'transitions.md': `${parts.join('\n\n')}\n` }
}

function cellOf(state: (typeof ALARM_STATES)[number], event: AlarmEvent): string {
  const step = advance(state, event)
  if (typeof step === 'string') return event === 'ack' ? `refused: \`${step}\`` : '–'
  return `→ \`${step.to}\`, cause \`${step.cause}\``
}
