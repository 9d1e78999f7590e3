/** Reads an evidence bundle that comes from elsewhere: what is no bundle is refused in words, with the place. */
import Type from 'typebox'
import { Value } from 'typebox/value'
import { DavyError } from '../../model/errors.ts'
import { LATEST } from '../../model/time.ts'
import { type Bundle, FORMAT } from './bundle.ts'

const open = { additionalProperties: true }
const Words = Type.Object({ zh: Type.String(), en: Type.String() }, open)
/** Every shift up to it is gone through: one that no clock shows would take for ever. */
const Clock = Type.Integer({ minimum: 0, maximum: LATEST })
const Lines = Type.Array(Type.Object({}, open))

/** What checking a bundle takes for granted; all else is for the seal and the re-run to find. */
const BundleSchema = Type.Object(
  {
    format: Type.String(),
    alarm: Type.String(),
    episode: Type.Number(),
    site: Type.String(),
    rule: Type.Object(
      {
        id: Type.String(),
        rule: Type.String(),
        version: Type.String(),
        regulation: Type.Object({ id: Type.String(), title: Words }, open),
        raiseAfter: Type.Number(),
        clearAfter: Type.Number(),
      },
      open,
    ),
    decision: Words,
    transitions: Type.Array(
      Type.Object(
        { at: Type.String(), cause: Type.String(), from: Type.String(), to: Type.String(), severity: Type.String() },
        open,
      ),
    ),
    before: Type.Union([Type.Null(), Type.Object({}, open)], { expects: 'a state' }),
    readings: Type.Array(
      Type.Object({ offset: Type.Number(), ts: Type.String(), received: Type.String(), point: Type.String() }, open),
    ),
    entries: Type.Array(Type.Object({ offset: Type.Number(), at: Clock, type: Type.String({ minLength: 1 }) }, open)),
    configurations: Type.Array(
      Type.Object(
        {
          hash: Type.String(),
          files: Type.Array(Type.Object({ path: Type.String(), sha256: Type.String(), text: Type.String() }, open)),
        },
        open,
      ),
    ),
    audit: Type.Object({ records: Lines }, open),
    seal: Type.String(),
  },
  open,
)

/** Throws `bundle-unreadable`; `where` names the file. The bundle is given back as it was written: its seal is over every byte. */
export function readBundle(text: string, where: string): Bundle {
  const refuse = (message: string, cause?: unknown) =>
    new DavyError('bundle-unreadable', {
      message,
      where,
      remedy: `name a file that \`davy explain … --output FILE\` wrote (${FORMAT})`,
      cause,
    })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw refuse(`it is not JSON: ${(cause as Error).message}`, cause)
  }
  const [first] = Value.Check(BundleSchema, value) ? [] : Value.Errors(BundleSchema, value)
  if (first) throw refuse(`${first.instancePath.slice(1).replaceAll('/', '.') || 'the bundle'}: ${first.message}`)
  return value as Bundle
}
