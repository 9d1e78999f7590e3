/** `davy simulate`: plays a scenario against a running service, over the protocols its configuration names. */
import { SCENARIOS } from '../../../simulators/index.ts'
import { play } from '../../../simulators/player.ts'
import { listens } from '../../../simulators/ports.ts'
import type { Scenario } from '../../../simulators/scenario.ts'
import { createMineFilesTransport } from '../../../simulators/transports/mine-files.ts'
import { createModbusTransport } from '../../../simulators/transports/modbus.ts'
import { createMqttTransport } from '../../../simulators/transports/mqtt.ts'
import { createOpcuaTransport } from '../../../simulators/transports/opcua.ts'
import type { Transport } from '../../../simulators/transports/transport.ts'
import { createWorld } from '../../../simulators/world.ts'
import { DavyError } from '../../model/errors.ts'
import { formatDuration, MINUTE, SECOND } from '../../model/time.ts'
import { type Clock, systemClock } from '../clock.ts'
import { type Configuration, loadConfiguration } from '../configuration.ts'
import { mineFolders, modbusSources, opcuaSources } from './demo-field.ts'
import { until } from './listening.ts'

export interface SimulateFlags {
  readonly config: string
  /** URL of the service's broker. */
  readonly mqtt: string
  readonly user?: string
  readonly speed: number
  readonly seed: number
}

/** Normal life before the incident, so that the service knows every point; by the clock on the wall. */
const BEFORE = 5 * SECOND
const PATIENCE = 10 * SECOND

export async function simulate(name: string | undefined, flags: SimulateFlags): Promise<void> {
  if (name === undefined) {
    for (const { name, title } of SCENARIOS.values()) {
      process.stdout.write(`${name.padEnd(24)}${title.zh} · ${title.en}\n`)
    }
    return
  }
  const scenario = SCENARIOS.get(name)
  if (!scenario) {
    throw new DavyError('scenario-unknown', {
      message: `there is no scenario "${name}"`,
      remedy: `known: ${[...SCENARIOS.keys()].join(', ')}`,
    })
  }
  const configuration = await loadConfiguration(flags.config, { warn: (text) => process.stderr.write(`${text}\n`) })
  rehearse(scenario, configuration, flags)
  await perform(scenario, { flags, configuration, clock: systemClock() })
}

/** Plays it to nobody first: what the configuration lacks is said before anything is sent. */
function rehearse(scenario: Scenario, { installation }: Configuration, { config, seed, speed }: SimulateFlags): void {
  try {
    const options = { installation, seed, speed, run: '', start: Date.UTC(2026, 0, 1), sites: scenario.sites }
    const world = createWorld(options)
    scenario.play(world)
    world.live(options.start + scenario.duration(world.delays))
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new DavyError('scenario-misfit', {
      message: error.message,
      where: config,
      remedy: 'scenarios are about the example installation: give its configuration, and a service that runs on it',
      cause: error,
    })
  }
}

interface Performance {
  readonly flags: SimulateFlags
  readonly configuration: Configuration
  readonly clock: Clock
}

async function perform(scenario: Scenario, { flags, configuration, clock }: Performance): Promise<void> {
  const { speed, seed } = flags
  const { installation } = configuration
  const run = clock.now().toString(36)
  const abort = new AbortController()
  void until(['SIGINT', 'SIGTERM']).then(() => abort.abort())
  const { transports, waiting } = await connect(scenario, { flags, configuration, clock }, run)
  try {
    const world = createWorld({ installation, seed, speed, run, start: clock.now(), sites: scenario.sites })
    const before = BEFORE * speed
    world.after(before, () => scenario.play(world))
    const length = before + scenario.duration(world.delays)
    const player = play(world, { clock, speed, transports })
    tell(scenario)
    if (speed > 2) {
      process.stderr.write(
        `${speed} times faster than life people walk ${speed} times faster, too: rules on speed (card-conflict) will say so\n`,
      )
    }
    const end = clock.now() + length / speed
    let told = clock.now()
    while (!abort.signal.aborted && clock.now() < end) {
      await clock.wait(SECOND / 4, abort.signal)
      if (clock.now() - told < (process.stderr.isTTY ? SECOND : MINUTE)) continue
      told = clock.now()
      const left = formatDuration(Math.ceil(Math.max(0, end - told) / SECOND) * SECOND)
      process.stderr.write(`${player.sent} readings sent, ${waiting()} waiting, ${left} left\n`)
    }
    player.stop()
    process.stdout.write(`${scenario.name}: ${player.sent} readings sent\n`)
  } finally {
    await Promise.all(transports.map((transport) => transport.stop()))
  }
  process.exit(0)
}

function tell({ title, description, expects }: Scenario): void {
  const alarms = expects.map(({ rule, key }) => `${rule} ${key}`).join(', ') || '无 none'
  process.stdout.write(
    `${title.zh} · ${title.en}\n${description.zh}\n${description.en}\n应报警 Alarms to come: ${alarms}\n`,
  )
}

/** A connection a site, and servers on the ports that the configuration names, unless something listens there already. */
async function connect(
  { sites }: Scenario,
  { flags, configuration, clock }: Performance,
  run: string,
): Promise<{ transports: Transport[]; waiting: () => number }> {
  const onNotice = (notice: string) => process.stderr.write(`${notice}\n`)
  const servers: Transport[] = []
  const taken = (address: string) => onNotice(`${address}: something listens there already; its points are left to it`)
  for (const settings of modbusSources(configuration.settings).filter(({ site }) => sites.includes(site))) {
    const { host, port } = settings
    if (host === undefined)
      onNotice(`${settings.serial?.path}: a serial line is not simulated; its points are left out`)
    else if (await listens(host, port)) taken(`${host}:${port}`)
    else servers.push(await createModbusTransport({ settings, port }))
  }
  for (const settings of opcuaSources(configuration.settings).filter(({ site }) => sites.includes(site))) {
    const { hostname, port } = new URL(settings.endpoint)
    if (await listens(hostname, Number(port))) taken(settings.endpoint)
    else servers.push(createOpcuaTransport({ settings, port: Number(port), onNotice }))
  }
  for (const folder of mineFolders(configuration).filter(({ site }) => sites.includes(site.id))) {
    servers.push(createMineFilesTransport({ ...folder, clock, onNotice }))
  }
  // Points of those sources are never sent over MQTT, whoever serves them.
  const elsewhere = new Set([
    ...modbusSources(configuration.settings).flatMap(({ site, slaves }) =>
      slaves.flatMap(({ points }) => points.map(({ point }) => `${site}/${point}`)),
    ),
    ...opcuaSources(configuration.settings).flatMap(({ site, items }) => items.map(({ point }) => `${site}/${point}`)),
  ])
  const gateways = sites.map((site) =>
    createMqttTransport({
      url: flags.mqtt,
      site,
      clientId: `simulated-${site}-${run}`,
      user: flags.user,
      password: process.env.DAVY_MQTT_PASSWORD,
      onNotice,
    }),
  )
  const end = clock.now() + PATIENCE
  while (gateways.some(({ connected }) => !connected) && clock.now() < end) await clock.wait(50)
  if (gateways.some(({ connected }) => !connected)) {
    await Promise.all([...servers, ...gateways].map((transport) => transport.stop()))
    throw new DavyError('broker-unreachable', {
      message: 'the broker does not answer, or does not know the user',
      where: flags.mqtt,
      remedy: 'start the service first; --mqtt names its broker, --user and DAVY_MQTT_PASSWORD the device',
    })
  }
  const ways = gateways.map(
    (gateway): Transport => ({
      carries: (reading) => gateway.carries(reading) && !elsewhere.has(`${reading.site}/${reading.point}`),
      send: (readings) => gateway.send(readings),
      stop: () => gateway.stop(),
    }),
  )
  return {
    transports: [...servers, ...ways],
    waiting: () => gateways.reduce((sum, gateway) => sum + gateway.waiting, 0),
  }
}
