/** What `davy.yaml` may not say though each word of it may be: listeners that let anybody in, devices without a secret, ways up that are none. */
import { misfitOf as kafkaMisfit } from '../../adapters/kafka/connection.ts'
import { openings } from '../../adapters/mqtt/guards.ts'
import { misfitOf as mqttMisfit } from '../../adapters/mqtt-client/reach.ts'
import { isLoopback } from '../../model/loopback.ts'
import type { YamlFile } from './document.ts'
import type { Problems } from './problem.ts'
import type { Settings } from './settings-schema.ts'

const ADVICE = { users: 'name the devices under `users`', tls: 'give `tls`' }

/** Listening beyond this machine needs a certificate; the broker needs to know its devices as well. */
export function guardListeners(
  { listen, mqtt }: Pick<Settings, 'listen' | 'mqtt'>,
  { yaml, problems }: { yaml: YamlFile; problems: Problems },
): void {
  const open = (key: 'listen' | 'mqtt', { host }: { host: string }, advice: string) =>
    problems.error(
      yaml.place([key, 'host']),
      `${host} is reached from other machines: ${advice}, or say \`insecure: true\` where that network is trusted`,
    )
  if (!isLoopback(listen.host) && !listen.tls && !listen.insecure) open('listen', listen, 'give `tls`')
  const lacking = mqtt.enabled && !mqtt.insecure ? openings(mqtt).map(({ needs }) => ADVICE[needs]) : []
  if (lacking.length > 0) open('mqtt', mqtt, lacking.join(' and '))
  const names = new Set<string>()
  for (const [i, { user, password, hash }] of mqtt.users.entries()) {
    if (names.has(user))
      problems.error(yaml.place(['mqtt', 'users', i, 'user']), `device "${user}" is already declared`)
    names.add(user)
    if ((password === undefined) === (hash === undefined)) {
      problems.error(yaml.place(['mqtt', 'users', i]), 'a device has either "password" or "hash"')
    }
  }
}

/** SCADA clients of other machines come over an encrypted line, under a name. */
export function guardOpcua(
  { enabled, host, security, insecure, anonymous }: Settings['opcua'],
  { yaml, problems }: { yaml: YamlFile; problems: Problems },
): void {
  if (!enabled || isLoopback(host)) return
  if (security === 'None' && !insecure) {
    problems.error(
      yaml.place(['opcua', 'host']),
      `${host} is reached from other machines: say \`security: Basic256Sha256\`, or \`insecure: true\` where that network is trusted`,
    )
  }
  if (anonymous) {
    problems.error(yaml.place(['opcua', 'anonymous']), `${host} is reached from other machines: clients must log in`)
  }
}

/** A way up speaks one protocol, and has a cursor of its own, by its name. */
export function guardForward(
  forward: Settings['forward'],
  { yaml, problems }: { yaml: YamlFile; problems: Problems },
): void {
  const names = new Set<string>()
  for (const [i, { name, mqtt, kafka }] of forward.entries()) {
    if ((mqtt === undefined) === (kafka === undefined)) {
      problems.error(yaml.place(['forward', i]), 'a way up has either "mqtt" or "kafka"')
    }
    const [key, misfit] = mqtt ? ['mqtt', mqttMisfit(mqtt)] : ['kafka', kafka && kafkaMisfit(kafka)]
    if (misfit !== undefined) problems.error(yaml.place(['forward', i, key]), misfit)
    if (names.has(name)) problems.error(yaml.place(['forward', i, 'name']), `way up "${name}" is already declared`)
    names.add(name)
  }
}
