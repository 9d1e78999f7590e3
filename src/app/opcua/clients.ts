/** The users behind the OPC UA server's sessions: Davylamp's own accounts, and the same demands and audit as by HTTP. */
import type { OpcuaHouse } from '../../adapters/sink-opcua/index.ts'
import { refusalOf } from '../../adapters/sink-opcua/mapping.ts'
import type { Attempt, Order } from '../../adapters/sink-opcua/protocol.ts'
import type { AlarmCommand } from '../../model/command.ts'
import { demand } from '../api/demands.ts'
import { Refused } from '../api/problems.ts'
import type { Auth, Principal } from '../auth/auth.ts'
import type { Service } from '../service.ts'

export interface Clients extends Pick<OpcuaHouse, 'login' | 'logout' | 'obey'> {
  /** Keeps the logins of open sessions alive; returns the sessions whose user's account is gone. */
  review(): readonly string[]
}

/** Passwords judged at once: each costs a processor for a while, whoever sends it. */
const MOST_LOGINS = 4

/** Why it was shelved, where the method lets nobody say it. */
const SHELVED = '经 OPC UA 搁置 (shelved over OPC UA)'

export function createClients({ auth, service }: { readonly auth: Auth; readonly service: () => Service }): Clients {
  /** By session. */
  const tokens = new Map<string, string>()
  let judging = 0

  function end(session: string): void {
    const token = tokens.get(session)
    tokens.delete(session)
    const principal = token === undefined ? undefined : auth.authenticate(token)
    if (principal) auth.logout(principal)
  }

  return {
    async login(session: string, attempt: Attempt) {
      if (judging >= MOST_LOGINS) return 'BadTooManyOperations'
      judging++
      const outcome = await auth.login(attempt).finally(() => {
        judging--
      })
      if ('refused' in outcome) return 'BadUserAccessDenied'
      end(session)
      tokens.set(session, outcome.token)
      return 'Good'
    },

    logout(session) {
      for (const open of session === undefined ? [...tokens.keys()] : [session]) end(open)
    },

    async obey(order, { session, address }) {
      const token = tokens.get(session)
      const principal = token === undefined ? undefined : auth.authenticate(token)
      if (!principal) return 'BadUserAccessDenied'
      const command = commandOf(order, { principal, now: service().now() })
      const refused = await refusalFor(command, { principal, service: service() })
      const { comment, for: span } = order
      await auth.audit.append({
        who: principal.user,
        action: 'command',
        object: order.alarm,
        address,
        detail: {
          command: order.command,
          over: 'opc-ua',
          ...(comment !== '' && { comment }),
          ...(span !== undefined && { for: span }),
          ...(refused !== undefined && { refused }),
        },
      })
      return refused === undefined ? 'Good' : refusalOf(refused)
    },

    review() {
      return [...tokens].flatMap(([session, token]) => {
        if (auth.authenticate(token)) return []
        tokens.delete(session)
        return [session]
      })
    },
  }
}

/** The code for which the command changed nothing; undefined where it did what it should. */
async function refusalFor(
  command: AlarmCommand,
  { principal, service }: { principal: Principal; service: Service },
): Promise<string | undefined> {
  try {
    demand(command, { role: principal.role, installation: service.installation() })
  } catch (error) {
    if (error instanceof Refused) return error.code
    throw error
  }
  return (await service.command(command)).refusal?.code
}

function commandOf(
  { alarm, episode, command, comment, for: span }: Order,
  { principal, now }: { principal: Principal; now: number },
): AlarmCommand {
  const said = { alarm, by: principal.user, ts: now, ...(episode !== undefined && { episode }) }
  if (command === 'comment') return { ...said, command, text: comment }
  if (command === 'shelve') {
    return { ...said, command, reason: SHELVED, ...(span === undefined ? { once: true } : { for: span }) }
  }
  return { ...said, command, ...(comment !== '' && { reason: comment }) }
}
