/** The reference of readings: the kinds of points and what a value of each looks like. */
import { FIELDS } from '../../src/ingest/shape.ts'
import { DEVICE_STATES, type KindTraits, POINT_KINDS, type ValueShape } from '../../src/model/point.ts'
import { BAD_STATUSES } from '../../src/model/reading.ts'
import { formatDuration } from '../../src/model/time.ts'

const EXAMPLES: Readonly<Record<ValueShape, string>> = {
  number: '0.42',
  boolean: 'true',
  state: '"online"',
  sighting: '{"card":"10014","distance":12.5,"moving":true}',
  passage: '{"direction":"in","person":"p-014"}',
  session: '{"event":"unlock","person":"w-003","permit":"hw-17"}',
}

/** `readings.md`. */
export function readingsReference(): Readonly<Record<string, string>> {
  const statuses = [...BAD_STATUSES].map((status) => `\`${status}\``).join(', ')
  const parts = [
    '# Readings',
    'One value of one point at one instant, as UTF-8 JSON. On MQTT the topic `davy/v1/{site}/{point}` names site and point, and the payload is one reading or an array of them; `davy/v1/{site}` takes an array of readings with `point`. `POST /api/v1/sites/{site}/readings` takes the same array.',
    '```json\n{"point":"face-101/ch4-t1","ts":"2026-05-01T08:00:00.000+08:00","value":0.42,"quality":"good","ref":"gw1-88231"}\n```',
    [
      '| field | is |',
      '|---|---|',
      '| `site`, `point` | as the configuration declares them; anything else goes to the dead letters |',
      '| `ts` | when it was measured: ISO 8601 with an offset, or integer milliseconds. Missing: the time of arrival |',
      "| `value` | by the point's kind, below. `null`, a value out of the point's `range` or one of its `sentinels` is `bad`, never 0 |",
      "| `unit` | what a number is in; may be left out. In another spelling it is taken as the point's, `%` and `ppm` are converted into each other, any other is refused as `unit-mismatch`. A point that declares none takes numbers as they come |",
      '| `quality` | `good` (default), `uncertain`, `bad`. Only `good` clears an alarm; `uncertain` may raise one; `bad` counts as silence |',
      `| \`status\` | in the device's words. These are \`bad\`, whatever the value: ${statuses} |`,
      "| `ref` | the source's own id. A repeated one, or without it the same `ts` and `value` again, is a duplicate and is kept once |",
    ].join('\n'),
    'What is refused, and what to do about it: [errors](errors.md#refused-readings-and-messages).',
    '## Kinds of points',
    'A point that says nothing good for its `silentAfter` is silent; the default by kind:',
    [
      '| kind | value | for example | silent after |',
      '|---|---|---|---|',
      ...(Object.entries(POINT_KINDS) as [string, KindTraits][]).map(
        ([kind, { shape, silentAfter }]) =>
          `| \`${kind}\` | ${wording(shape)} | \`${EXAMPLES[shape]}\` | ${silentAfter === undefined ? 'never' : formatDuration(silentAfter)} |`,
      ),
    ].join('\n'),
    'Numbers are in the `unit` that the point declares. Fields a kind does not have are dropped.',
    ...Object.entries(FIELDS).map(([shape, fields]) =>
      [
        `### ${shape}`,
        '',
        '| field | is | |',
        '|---|---|---|',
        ...fields.map(
          ({ name, type, required }) =>
            `| \`${name}\` | ${typeof type === 'string' ? type : type.map((word) => `\`${word}\``).join(', ')} | ${required ? 'required' : ''} |`,
        ),
      ].join('\n'),
    ),
  ]
  return { 'readings.md': `${parts.join('\n\n')}\n` }
}

function wording(shape: ValueShape): string {
  if (shape === 'state') return DEVICE_STATES.map((state) => `\`${state}\``).join(', ')
  return shape in FIELDS ? `[${shape}](#${shape})` : shape
}
