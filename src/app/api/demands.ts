/** What a command must come with, and from whom, before it may enter the journal: reasons, ends, witnesses, a supervisor. */
import type { AlarmCommand } from '../../model/command.ts'
import type { Installation } from '../../model/site.ts'
import { atLeast, COMMAND_ROLES, type Role, STATUTORY_SHELF } from '../auth/permissions.ts'
import { instanceOf } from '../instance-of.ts'
import { Refused } from './problems.ts'

/** Throws the problem of the first demand that is not met. */
export function demand(
  command: AlarmCommand,
  { role, installation }: { role: Role; installation: Installation },
): void {
  const { command: name, alarm, by, reason = '', until, for: span, witness } = command
  const needed = COMMAND_ROLES[name]
  if (!atLeast(role, needed)) throw new Refused('role-too-low', { detail: `${name} needs role ${needed}, not ${role}` })
  if (name !== 'shelve' && name !== 'out-of-service') return
  if (reason.trim() === '') throw new Refused('reason-missing', { detail: `${name} needs a reason` })
  if (name === 'shelve') {
    const statutory = instanceOf(installation, alarm)?.handling?.statutory
    if (!statutory || atLeast(role, STATUTORY_SHELF)) return
    throw new Refused('shelf-statutory', {
      detail: `a clause asks for ${alarm}: shelving it needs role ${STATUTORY_SHELF}`,
    })
  }
  if (until === undefined && span === undefined) throw new Refused('until-missing', { detail: `${name} needs an end` })
  if (witness === undefined) throw new Refused('witness-missing', { detail: `${name} needs a witness` })
  if (witness === by) throw new Refused('witness-same', { status: 409, detail: `${by} cannot be the witness of ${by}` })
}
