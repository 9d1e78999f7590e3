/** The demo's devices: background life on every site and the programme of incidents, over MQTT, OPC UA and Modbus. */
import { direct, WARM_UP } from '../../../simulators/director.ts'
import { play } from '../../../simulators/player.ts'
import { createMineFilesTransport } from '../../../simulators/transports/mine-files.ts'
import { createMqttTransport } from '../../../simulators/transports/mqtt.ts'
import { createOpcuaTransport } from '../../../simulators/transports/opcua.ts'
import type { Transport } from '../../../simulators/transports/transport.ts'
import { createWorld } from '../../../simulators/world.ts'
import type { Installation } from '../../model/site.ts'
import type { Clock } from '../clock.ts'
import type { Settings } from '../config/settings-schema.ts'
import type { Log } from '../log.ts'
import type { Running } from '../run.ts'
import { mineFolders, opcuaSources } from './demo-field.ts'

export interface FieldOptions {
  readonly running: Running
  readonly installation: Installation
  readonly settings: Settings
  /** The simulated meters, which listen already. */
  readonly meters: readonly Transport[]
  readonly clock: Clock
  readonly speed: number
  readonly seed: number
  readonly log: Log
  /** Tells the viewer what begins. */
  readonly say: (line: string) => void
}

export interface Field {
  /** Nobody says anything more; what listens goes on listening, so that the service can take its leave. */
  fallSilent(): void
  stop(): Promise<void>
}

export async function startField(options: FieldOptions): Promise<Field> {
  const { running, installation, settings, clock, speed, seed, log, say } = options
  let ending = false
  const onNotice = (notice: string) => {
    if (!ending) log.warn(notice)
  }
  const run = clock.now().toString(36)
  const transports: Transport[] = [...options.meters]
  for (const source of opcuaSources(settings)) {
    transports.push(createOpcuaTransport({ settings: source, port: Number(new URL(source.endpoint).port), onNotice }))
  }
  for (const folder of mineFolders({ settings, installation })) {
    transports.push(createMineFilesTransport({ ...folder, clock, onNotice }))
  }
  if (running.mqtt !== undefined) {
    for (const site of installation.sites.keys()) {
      transports.push(createMqttTransport({ url: running.mqtt, site, clientId: `simulated-${site}-${run}`, onNotice }))
    }
  }
  const world = createWorld({ installation, seed, speed, run, start: clock.now() - WARM_UP, opening: WARM_UP })
  direct(world, {
    speed,
    now: () => clock.now(),
    tell({ name, title }) {
      say(`▶ ${name}: ${title.zh} · ${title.en}`)
    },
  })
  // Lived, not told: whoever arrives in the first seconds has set out.
  world.live(world.now + WARM_UP)
  const player = play(world, { clock, speed, transports })
  return {
    fallSilent() {
      ending = true
      player.stop()
    },
    async stop() {
      await Promise.all(transports.map((transport) => transport.stop()))
    },
  }
}
