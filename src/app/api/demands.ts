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
  if (!atLeast(role, needed))
    throw new Refused('role-too-low', {
      detail: { en: `${name} needs role ${needed}, not ${role}`, zh: `${name} 需要角色 ${needed}，当前为 ${role}` },
    })
  if (name !== 'shelve' && name !== 'out-of-service') return
  if (reason.trim() === '')
    throw new Refused('reason-missing', { detail: { en: `${name} needs a reason`, zh: `${name} 需要说明原因` } })
  if (name === 'shelve') {
    const statutory = instanceOf(installation, alarm)?.handling?.statutory
    if (!statutory || atLeast(role, STATUTORY_SHELF)) return
    throw new Refused('shelf-statutory', {
      detail: {
        en: `a clause asks for ${alarm}: shelving it needs role ${STATUTORY_SHELF}`,
        zh: `${alarm} 为条款所要求：搁置需要角色 ${STATUTORY_SHELF}`,
      },
    })
  }
  if (until === undefined && span === undefined)
    throw new Refused('until-missing', { detail: { en: `${name} needs an end`, zh: `${name} 需要期限` } })
  if (witness === undefined)
    throw new Refused('witness-missing', { detail: { en: `${name} needs a witness`, zh: `${name} 需要见证人` } })
  if (witness === by)
    throw new Refused('witness-same', {
      status: 409,
      detail: { en: `${by} cannot be the witness of ${by}`, zh: `${by} 不能为自己见证` },
    })
}
