/** The OPC UA server as part of the service: its settings, its users, the values and alarms it is handed. */
import { join } from 'node:path'
import { createOpcuaServer } from '../../adapters/sink-opcua/index.ts'
import type { PointValue } from '../../adapters/sink-opcua/protocol.ts'
import type { OpcuaServerSettings } from '../../adapters/sink-opcua/settings.ts'
import type { AlarmSink, AlarmStore } from '../../model/ports.ts'
import type { Reading } from '../../model/reading.ts'
import type { Installation } from '../../model/site.ts'
import { MINUTE, SECOND } from '../../model/time.ts'
import type { Auth } from '../auth/auth.ts'
import type { Clock } from '../clock.ts'
import { instanceOf } from '../instance-of.ts'
import type { Log } from '../log.ts'
import { unable } from '../open-data.ts'
import { createMasking } from '../privacy/masking.ts'
import type { Pseudonym } from '../privacy/pseudonyms.ts'
import type { Service } from '../service.ts'
import { createClients } from './clients.ts'
import { allValues, isQuiet, pointValue, type Shown, showPlant } from './plant.ts'

export interface OpcuaService {
  readonly sink: AlarmSink
  /** Judged readings, on their way to clients. */
  note(readings: readonly Reading[]): void
  /** Another configuration is in force. */
  reload(): void
  /** Begins to listen; throws `listen-failed`. */
  start(): Promise<void>
  address(): string | undefined
  stop(): Promise<void>
}

/** How soon a point that fell silent is shown as bad. */
const SILENCE = 5 * SECOND

export function serveOpcua({
  settings,
  data,
  alarms,
  pseudonym,
  auth,
  clock,
  installation,
  view,
  service,
  log,
}: {
  readonly settings: OpcuaServerSettings
  /** Data folder. */
  readonly data: string
  readonly alarms: AlarmStore
  readonly pseudonym: Pseudonym
  readonly auth: Auth
  readonly clock: Clock
  readonly installation: () => Installation
  readonly view: (site: string, id: string) => ReturnType<Service['point']>
  /** Asked once it listens. */
  readonly service: () => Service
  readonly log: Log
}): OpcuaService {
  let shown: Shown = showPlant(installation())
  /** Places of points that are shown as silent. */
  const quiet = new Set<number>()
  const masking = createMasking({ pseudonym, installation, alarms })
  const clients = createClients({ auth, service })
  const server = createOpcuaServer({
    settings,
    certificates: settings.certificates ?? join(data, 'opcua'),
    house: {
      now: () => clock.now(),
      log: (level, message) => log[level](message),
      plant: () => shown.plant,
      values: () => allValues(shown, view),
      standing: () =>
        service()
          .standing()
          .map(({ last }) => last),
      confirms: (alarm) => instanceOf(installation(), alarm)?.handling?.confirm === true,
      mask: (t) => (settings.names ? t : masking.transition(t)),
      ...clients,
    },
  })

  function note(readings: readonly Reading[]): void {
    const values: PointValue[] = []
    for (const reading of readings) {
      const place = shown.places[reading.point.index] ?? -1
      if (place < 0 || reading.timing === 'late') continue
      values.push(pointValue(place, { reading, silent: false }))
      quiet.delete(place)
    }
    if (values.length > 0) server.note(values)
  }

  function lookForSilence(): void {
    const values: PointValue[] = []
    for (const [place, { site, id }] of shown.plant.points.entries()) {
      const { reading, state } = view(site, id)
      if (!reading || !isQuiet(state) || quiet.has(place)) continue
      quiet.add(place)
      values.push(pointValue(place, { reading, silent: true }))
    }
    if (values.length > 0) server.note(values)
  }

  const timers = [
    clock.every(SILENCE, lookForSilence),
    clock.every(MINUTE, () => {
      for (const session of clients.review()) server.dismiss(session)
    }),
  ]

  return {
    sink: server,
    note,
    reload() {
      shown = showPlant(installation())
      quiet.clear()
      server.rebuild().catch((error: unknown) => log.error(`OPC UA server: ${String(error)}`))
    },
    async start() {
      await server.open().catch((cause: unknown) => {
        const where = `${settings.host}:${settings.port}`
        throw unable('listen-failed', { where, cause, remedy: 'choose another `opcua.port`, or 0 for a free one' })
      })
    },
    address: () => server.address(),
    async stop() {
      for (const timer of timers) timer.cancel()
      await server.close()
    },
  }
}
