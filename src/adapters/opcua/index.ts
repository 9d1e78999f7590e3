/** OPC UA: subscribes to the values of nodes; the library loads in a thread of its own when the first source opens. */
import { Value } from 'typebox/value'
import { DavyError } from '../../model/errors.ts'
import type { Adapter } from '../../model/ports.ts'
import { type Duration, parseDuration } from '../../model/time.ts'
import type { SessionRequest } from './protocol.ts'
import { OpcuaSettings } from './settings.ts'
import { OpcuaSource } from './source.ts'

export const opcua: Adapter<OpcuaSettings> = {
  name: 'opcua',
  title: { zh: 'OPC UA 订阅', en: 'OPC UA subscription' },
  settings: OpcuaSettings,
  check: (given, { name }) => void planOf(given, name),
  create: (given, context) => new OpcuaSource(planOf(given, context.name), context),
}

/** Throws `settings-invalid` where parts of the settings contradict each other. */
function planOf(given: OpcuaSettings, where: string): { site: string; request: Omit<SessionRequest, 'since'> } {
  const settings = Value.Default(OpcuaSettings, structuredClone(given)) as OpcuaSettings
  const { endpoint, site, security, mode, user, passwordFile, certificates, items } = settings
  if (security !== 'None' && certificates === undefined) {
    throw misfit(`security ${security} needs a folder for certificates`, { where, remedy: 'set `certificates`' })
  }
  if (user === undefined && passwordFile !== undefined) {
    throw misfit('`passwordFile` without `user`', { where, remedy: 'set `user`, or leave both out' })
  }
  const request = {
    source: where,
    endpoint,
    security,
    mode,
    user,
    passwordFile,
    certificates,
    items: items.map(({ node, point, element, sampling, queue, deadband }) => {
      return { node, point, element, sampling: milliseconds(sampling), queue, deadband }
    }),
    publishing: milliseconds(settings.publishing),
    staleAfter: milliseconds(settings.staleAfter),
    restate: milliseconds(settings.restate),
    history: settings.history === 'never' ? 0 : milliseconds(settings.history),
  }
  if (request.staleAfter <= request.publishing) {
    throw misfit('`staleAfter` is not above `publishing`', {
      where,
      remedy: 'make it three times as long, or longer',
    })
  }
  return { site, request }
}

function misfit(message: string, { where, remedy }: { where: string; remedy: string }): DavyError {
  return new DavyError('settings-invalid', { message, where, remedy })
}

/** The configuration's loader gives milliseconds; defaults and settings written in code are texts such as `1s`. */
function milliseconds(duration: Duration | string): Duration {
  const parsed = typeof duration === 'string' ? parseDuration(duration) : duration
  if (parsed !== undefined && parsed > 0) return parsed
  throw misfit(`${duration} is not a duration above zero`, { where: 'durations', remedy: 'write e.g. 500ms or 2s' })
}
