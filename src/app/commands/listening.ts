/** What commands that listen have in common: port flags, the address line, waiting for a signal. */
import { DavyError } from '../../model/errors.ts'
import { isLoopback } from '../../model/loopback.ts'
import type { Settings } from '../config/settings-schema.ts'
import type { Running } from '../run.ts'

export interface ListenFlags {
  readonly host?: string
  readonly port?: number
  readonly mqttPort?: number
  readonly opcuaPort?: number
  readonly insecure?: boolean
  readonly json?: boolean
}

/** Flags win over davy.yaml. Throws `usage` where they would let other machines in without encryption. */
export function withFlags(settings: Settings, { host, port, mqttPort, opcuaPort, insecure }: ListenFlags): Settings {
  const listen = {
    ...settings.listen,
    ...(host !== undefined && { host }),
    ...(port !== undefined && { port }),
    ...(insecure && { insecure }),
  }
  if (!isLoopback(listen.host) && !listen.tls && !listen.insecure) {
    throw new DavyError('usage', {
      message: `--host ${listen.host} is reached from other machines, and passwords would go over the network in clear`,
      remedy: 'give `listen.tls` in davy.yaml, or add --insecure where that network is trusted',
    })
  }
  return {
    ...settings,
    listen,
    mqtt: { ...settings.mqtt, ...(mqttPort !== undefined && { port: mqttPort }) },
    opcua: { ...settings.opcua, ...(opcuaPort !== undefined && { port: opcuaPort }) },
  }
}

/** Says where to go and, once, with which password. */
export function announce(running: Running, { json }: ListenFlags): void {
  const { api, mqtt, opcua, firstPassword } = running
  if (json) {
    process.stdout.write(
      `${JSON.stringify({ api, ...(mqtt && { mqtt }), ...(opcua && { opcua }), ...(firstPassword && { password: firstPassword }) })}\n`,
    )
    return
  }
  const lines = [
    `Davylamp is watching. 值守页面: ${api}`,
    ...(mqtt ? [`MQTT: ${mqtt}`] : []),
    ...(opcua ? [`OPC UA: ${opcua}`] : []),
  ]
  if (firstPassword)
    lines.push(`First run: user admin, password ${firstPassword} (shown this once; DAVY_PASSWORD sets it)`)
  process.stdout.write(`${lines.join('\n')}\n`)
}

/** Resolves at the first of the signals; a second one ends the process at once. */
export function until(signals: readonly NodeJS.Signals[]): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of signals) {
      process.once(signal, () => {
        for (const again of signals) process.once(again, () => process.exit(130))
        resolve()
      })
    }
  })
}
