/** The whole product in one call: stores, fold, broker, sources, API and page, on the ports asked for. Tests run it as it is. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createBroker } from '../adapters/mqtt/broker.ts'
import { createMqttSink } from '../adapters/sink-mqtt/index.ts'
import { createDoor } from '../ingest/door.ts'
import type { Transition } from '../model/alarm.ts'
import type { Json } from '../model/json.ts'
import type { AdapterContext, AlarmSink, Source } from '../model/ports.ts'
import type { Installation } from '../model/site.ts'
import { SECOND } from '../model/time.ts'
import { RULES } from '../rules/index.ts'
import { createApi } from './api/index.ts'
import { openAttachments } from './attachments.ts'
import { brokerUp } from './broker-up.ts'
import { systemClock } from './clock.ts'
import { createClockReport } from './clock-report.ts'
import type { ConfigFile } from './config/file.ts'
import type { Settings } from './config/settings-schema.ts'
import type { ConfigurationView } from './configuration-state.ts'
import { blameDisk } from './data-folder.ts'
import { measureDisk } from './disk/measure.ts'
import { createDiskWatch } from './disk/watch.ts'
import { createExports } from './exports/exports.ts'
import { createFold } from './fold.ts'
import { createForwards } from './forwards.ts'
import { createHandOn } from './hand-on.ts'
import { createHazardFeed } from './hazard-feed.ts'
import { createHeard } from './heard.ts'
import { createHistoryFeed } from './history-feed.ts'
import { createHttpSources } from './http-sources.ts'
import { createJournalWork } from './journal-work.ts'
import { openConfigurations } from './kept-configurations.ts'
import { createLatency } from './latency.ts'
import { createLifecycle } from './lifecycle.ts'
import { watchLinks } from './links.ts'
import { createLive } from './live.ts'
import type { Log } from './log.ts'
import { createNotifications } from './notify/notifications.ts'
import { serveOpcua } from './opcua/serve.ts'
import { openData, unable } from './open-data.ts'
import { openDisguise } from './privacy/disguise.ts'
import { createPublisher } from './publisher.ts'
import { readTls } from './read-tls.ts'
import { recover } from './recover.ts'
import { type Applicable, createReload, listsOf, type Reload } from './reload.ts'
import { renewTls } from './renew-tls.ts'
import { beginAll } from './roster.ts'
import { createSequencer, type Sequencer } from './sequencer.ts'
import type { Service } from './service.ts'
import { createService } from './service-live.ts'
import { createSnapshooter } from './snapshooter.ts'
import { createSources, keepRunning } from './sources.ts'
import { createTally } from './tally.ts'
import { serialiseTransition } from './wire.ts'

export interface RunOptions {
  readonly installation: Installation
  /** The files it was read from, kept so that evidence can name what was in force. */
  readonly files?: readonly ConfigFile[]
  readonly settings: Settings
  /** Data folder; made where it is not there. */
  readonly data: string
  /** Of the first run's administrator. */
  readonly password?: string | undefined
  readonly log: Log
  readonly onProgress?: (done: number, of: number) => void
  /** The journal cannot be written any more; default: end the process. */
  readonly onFatal?: (error: unknown) => void
}

export interface Running {
  readonly api: string
  readonly mqtt: string | undefined
  readonly opcua: string | undefined
  /** Set on a first run without a given password. */
  readonly firstPassword?: string
  readonly service: Service
  /** Puts another configuration in force: state of unchanged rules, and items of davy.yaml that are as before, go on. Rejects where sites
   *  and rules cannot be in force, and leaves everything as it was. */
  reload(next: Applicable): Promise<void>
  /** Lets people know that what stands in the files is broken, a line a problem. */
  refuse(problems: readonly string[]): void
  stop(): Promise<void>
}

/** Readings the door knows again after a restart. */
const REMEMBER = 500_000
const PAGE = fileURLToPath(new URL('../../web/dist', import.meta.url))

export async function run(options: RunOptions): Promise<Running> {
  const { settings, data, log } = options
  let { installation } = options
  const clock = systemClock()
  const lifecycle = createLifecycle({ clock, log, bound: 10 * SECOND })
  try {
    return await assemble(options, { clock, lifecycle })
  } catch (error) {
    await lifecycle.stop()
    throw blameDisk(error, data)
  }

  async function assemble(
    { password, onProgress }: RunOptions,
    { clock, lifecycle }: { clock: ReturnType<typeof systemClock>; lifecycle: ReturnType<typeof createLifecycle> },
  ): Promise<Running> {
    const { journal, store, history, auth, gaps, firstPassword } = await openData({
      data,
      settings,
      password,
      clock,
      lifecycle,
      log,
    })
    const { disk: room } = settings.storage
    const disk = createDiskWatch({ data, settings: room, clock, log, measure: () => measureDisk(data) })
    lifecycle.onStop('disk', () => disk.cancel())
    await disk.look()
    const door = createDoor(installation, { maxPayload: settings.limits.payload, remember: REMEMBER })
    let live = createLive(installation)
    const heard = createHeard(installation, gaps)
    const tally = createTally()
    const reportClocks = createClockReport(log)
    const latency = createLatency(() => clock.now())
    const feed = createHistoryFeed({ history, journal, installation: () => installation, log })
    lifecycle.onStop('history feed', () => feed.drain())

    const context: AdapterContext = {
      now: () => clock.now(),
      sites: () => installation.sites,
      heard: heard.upTo,
      gap: gaps.note,
      log: (level, message, detail) => log[level](message, detail),
    }
    const broker = settings.mqtt.enabled ? createBroker(settings.mqtt, { ...context, name: 'mqtt' }) : undefined
    const serialise = (t: Transition) => JSON.stringify(serialiseTransition(t, installation))
    const sinks: AlarmSink[] = broker ? [createMqttSink({ publish: (m) => broker.publish(m), serialise })] : []
    const disguise = openDisguise({ data })
    const opcua = settings.opcua.enabled
      ? serveOpcua({
          settings: settings.opcua,
          data,
          alarms: store.alarms,
          pseudonym: disguise.pseudonym,
          auth,
          clock,
          installation: () => installation,
          view: (site, id) => live.point(site, id, clock.now()),
          service: () => service,
          log,
        })
      : undefined
    if (opcua) sinks.push(opcua.sink)
    const sinksOpen = Promise.withResolvers<void>()
    const publisher = await createPublisher({ alarms: store.alarms, sinks, open: sinksOpen.promise, log })
    lifecycle.onStop('publisher', () => publisher.drain())
    const notifications = await createNotifications({
      settings: settings.notify,
      file: join(data, 'outbox.db'),
      alarms: store.alarms,
      journal,
      onTransitions: publisher.onTransitions,
      installation: () => installation,
      disguise,
      context,
      clock,
      log,
    })
    lifecycle.onStop('notifications', () => notifications.stop())

    const hazards = createHazardFeed({ store: store.hazards, log })
    const configurations = openConfigurations({ data, rules: RULES })
    if (options.files) await configurations.keep(installation.hash, options.files)
    const recovered = await recover({
      journal,
      snapshots: store.snapshots,
      installation,
      configurationOf: (hash) => configurations.load(hash),
      rules: RULES,
      door,
      remember: REMEMBER,
      onRecalled: (reading) => heard.note(reading),
      onTail: (from) => feed.skip(from - 1),
      onAnew: (upTo) => notifications.anew(upTo),
      onInstallation(next) {
        live = live.under(next)
      },
      onView: (saved) => live.recall(saved),
      onReadings(readings, upTo) {
        live.note(readings)
        feed.add(readings, upTo)
      },
      // A store that fails has said so itself, and keeps them for the next ones.
      onTransitions: (transitions) => publisher.publish(transitions).catch(() => {}),
      onHazards: (steps) => hazards.put(steps),
      warn: (message) => log.warn(message),
      ...(onProgress && { onProgress }),
    })
    const behind = recovered.fold.now() - clock.now()
    if (behind > SECOND) {
      log.warn(
        `the machine's clock is ${Math.ceil(behind / SECOND)} s behind what the journal has seen: until it has caught up, arrival stands still and readings count as late`,
      )
    }

    const forwards = createForwards(
      { data, journal, alarms: store.alarms, letters: store.letters, onRefused: tally.refusal, clock, log },
      { now: context.now, serialise },
    )
    const siteListeners = new Set<(sites: ReadonlySet<string>) => void>()
    const judged = createHandOn({
      clock,
      live: () => live,
      heard,
      tally,
      reportClocks,
      feed,
      opcua,
      forwards: () => forwards.running(),
      latency,
      onSites: (sites) => {
        for (const listener of siteListeners) listener(sites)
      },
      hazards,
      publisher,
      snapshooter: () => snapshooter,
    })
    const sequencer: Sequencer = createSequencer({
      clock,
      journal,
      letters: store.letters,
      fold: recovered.fold,
      door,
      onJudged: judged,
      onCounted: (source, counts, at) => tally.frame(source, { ...counts, at }),
      onRefused: ({ code }) => tally.refusal(code),
      onFatal(error) {
        log.error(`the journal cannot be written; nothing is acknowledged any more: ${String(error)}`)
        if (options.onFatal) options.onFatal(error)
        else process.exit(70)
      },
      onDefect: (error, offset) =>
        log.error(`entry ${offset}: ${String(error)}`, { ...(error instanceof Error && { stack: error.stack }) }),
    })
    const snapshooter = createSnapshooter({
      snapshots: store.snapshots,
      every: settings.storage.snapshotEvery,
      fold: () => sequencer.fold(),
      view: () => live.save(),
      offset: () => sequencer.offset(),
      settle: async () => {
        await publisher.drain()
        await hazards.drain()
        await feed.drain()
      },
      log,
    })
    lifecycle.onStop('snapshot', () => snapshooter.take())
    // Runs before the stops above, which wait for what the sinks still have to do.
    lifecycle.onStop('sinks', () => sinksOpen.resolve())
    await sequencer.configure(installation.hash)

    const lists = listsOf(settings)
    const sources = createSources(context, { sequencer, clock, log })
    const embedded = broker ? [{ adapter: 'mqtt', source: broker as Source, site: undefined }] : []
    const everySource = () => [...embedded, ...sources.running()]
    const waitingForwards = await beginAll(forwards, lists.forwards)
    lifecycle.onStop('forwards', () => forwards.stop())

    const work = createJournalWork({ data })
    lifecycle.onStop('journal work', () => work.close())
    let ready = false
    let reload: Pick<Reload, 'view'> | undefined
    const atStart: ConfigurationView = { hash: installation.hash, since: clock.now(), restart: [] }
    const service = createService({
      clock,
      installation: () => installation,
      sequencer,
      publisher,
      live: () => live,
      latency,
      tally,
      alarms: store.alarms,
      hazards: store.hazards,
      kpis: store.kpis,
      notifications,
      letters: store.letters,
      history,
      work,
      sources: everySource,
      pushed: createHttpSources({ users: auth.users, installation: () => installation, started: clock.now() }),
      forwards: () => forwards.running(),
      configuration: () => reload?.view() ?? atStart,
      disk: disk.view,
      ready: () => ready,
      onSites(listener) {
        siteListeners.add(listener)
        return () => siteListeners.delete(listener)
      },
    })
    const api = await createApi({
      service,
      auth,
      attachments: openAttachments({ data }),
      disguise,
      log,
      settings: { ...settings.api, bodyLimit: Math.max(settings.api.bodyLimit, settings.limits.payload) },
      tls: readTls(settings.listen.tls),
      ...(existsSync(PAGE) && { page: PAGE }),
    })
    // After the API as well: a request that was cut off may have brought something still.
    lifecycle.onStop('sequencer, at last', () => sequencer.drain())
    lifecycle.onStop('API', () => api.close())
    lifecycle.onStop('sequencer', () => sequencer.drain())

    const brokering = broker && keepRunning(broker, { sequencer, clock, log })
    lifecycle.onStop('sources', async () => {
      await Promise.all([sources.stop(), brokering?.stop()])
      await broker?.close()
    })
    const waitingSources = await beginAll(sources, lists.sources)
    const links = watchLinks(
      () => everySource().map(({ source, site }) => ({ name: source.name, site, link: () => source.link() })),
      {
        clock,
        installation: () => installation,
        known: publisher
          .standing()
          .flatMap(({ last: { rule, site, key } }) => (rule === 'link' ? [{ site, source: key }] : [])),
        tell: (command) => {
          sequencer.command(command).catch((error: unknown) => log.error(`links: ${String(error)}`))
        },
      },
    )
    lifecycle.onStop('links', () => links.cancel())
    if (broker) await brokerUp(broker, clock)
    if (opcua) lifecycle.onStop('OPC UA server', () => opcua.stop())
    await opcua?.start()
    sinksOpen.resolve()
    const address = await api.listen({ host: settings.listen.host, port: settings.listen.port }).catch((cause) => {
      const where = `${settings.listen.host}:${settings.listen.port}`
      throw unable('listen-failed', { where, cause, remedy: 'choose another --port, or 0 for a free one' })
    })
    const ticking = clock.every(SECOND, () => sequencer.tick())
    lifecycle.onStop('clock', () => ticking.cancel())
    const exports = createExports({ service, clock, log })
    lifecycle.onStop('exports', () => exports.stop())
    const waitingExports = await beginAll(exports, lists.exports)
    const changes = createReload({
      begun: { installation, settings, files: options.files ?? [] },
      rosters: { sources, forwards, exports },
      waiting: { sources: waitingSources, forwards: waitingForwards, exports: waitingExports },
      notifications,
      broker,
      renewTls: (tls) => renewTls(api.server, tls),
      swap,
      audit: auth.audit,
      clock,
      log,
    })
    reload = changes
    lifecycle.onStop('changes of the configuration', () => changes.close())
    ready = true
    lifecycle.onStop('readiness', () => {
      ready = false
    })

    async function swap({ installation: next, files }: Applicable): Promise<void> {
      await configurations.keep(next.hash, files)
      await sequencer.swap(next.hash, () => {
        const saved = JSON.parse(JSON.stringify(sequencer.fold().save())) as Json
        // First what may throw: a change is made as a whole or not at all.
        const fold = createFold({ installation: next, rules: RULES, saved })
        door.reload(next)
        live = live.under(next)
        heard.reload(next)
        installation = next
        return { fold, door }
      })
      opcua?.reload()
    }
    const mqtt = broker && `mqtt${settings.mqtt.tls ? 's' : ''}://${broker.address().host}:${broker.address().port}`
    return {
      api: address,
      mqtt,
      opcua: opcua?.address(),
      ...(firstPassword !== undefined && { firstPassword }),
      service,
      reload: changes.apply,
      refuse: changes.refuse,
      stop: () => lifecycle.stop(),
    }
  }
}
