/** Davylamp's numbers for Prometheus, read from the service at each scrape. */
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { ALARM_STATES, SEVERITIES } from '../../model/alarm.ts'
import type { Service } from '../service.ts'
import { diskMetrics } from './metrics-disk.ts'
import { notificationMetrics } from './metrics-notifications.ts'
import { dataQuality } from './views.ts'

export interface Metrics {
  /** Prometheus text format. */
  text(): Promise<string>
  readonly contentType: string
  /** One more refusal of the API. */
  problem(code: string): void
}

export function createMetrics({ service, streams }: { service: Service; streams: () => number }): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const problems = new Counter({
    name: 'davy_http_problems_total',
    help: 'Refusals by the API',
    labelNames: ['code'],
    registers,
  })

  const total = (name: string, help: string, read: () => number) =>
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset()
        this.inc(read())
      },
    })
  const counters = () => service.counters()
  total('davy_readings_total', 'Readings taken', () => counters().readings)
  total('davy_duplicates_total', 'Readings known already', () => counters().duplicates)
  total('davy_late_total', 'Readings too late to be used live', () => counters().late)
  total('davy_early_total', 'Readings ahead of the arrival clock', () => counters().early)
  total('davy_bad_total', 'Readings of bad quality', () => counters().bad)
  total('davy_transitions_total', 'Alarm transitions', () => counters().transitions)
  total('davy_rule_faults_total', 'Rules that threw', () => counters().ruleFaults)
  total('davy_journal_offset', 'Last entry of the journal', () => counters().journalOffset)
  total('davy_figures_restarts_total', 'Times the reader of past alarms died and was started anew', () => {
    return service.kpis.reader().restarts
  })
  labelled(Counter, ['davy_refused_total', 'Readings and messages refused', ['code']], (set) => {
    for (const [code, count] of Object.entries(counters().refused)) set({ code }, count)
  })
  const latency = ['davy_latency_seconds', 'Over the last minute, by stage', ['stage', 'quantile']] as const
  labelled(Gauge, latency, (set) => {
    for (const [name, ms] of Object.entries(counters().latency)) {
      const [stage = name, percentile = ''] = name.split('.')
      set({ stage, quantile: String(Number(percentile.slice(1)) / 100) }, ms / 1000)
    }
  })
  const isUp = (state: string) => state === 'up' || state === 'live'
  labelled(
    Gauge,
    ['davy_source_up', 'Whether the link of a source is up, or it is heard in time', ['source', 'adapter']],
    (set) => {
      for (const { name, adapter, link } of service.sources()) set({ source: name, adapter }, isUp(link.state) ? 1 : 0)
    },
  )
  labelled(Counter, ['davy_source_readings_total', 'Readings taken from a source', ['source', 'adapter']], (set) => {
    for (const { name, adapter, counters } of service.sources()) set({ source: name, adapter }, counters.readings)
  })
  const notices = ['davy_source_notices_total', 'Limits met and clients refused', ['source', 'notice']] as const
  labelled(Counter, notices, (set) => {
    for (const { name, notices } of service.sources()) {
      for (const [notice, count] of Object.entries(notices)) set({ source: name, notice }, count)
    }
  })
  labelled(
    Gauge,
    ['davy_source_lag_seconds', "Least delay of a source's newest readings, clock error included", ['source']],
    (set) => {
      for (const { name, counters } of service.sources())
        if (counters.lag !== undefined) set({ source: name }, counters.lag / 1000)
    },
  )
  labelled(Gauge, ['davy_forward_up', 'Whether the link of a way up is up', ['forward']], (set) => {
    for (const { name, link } of service.forwards()) set({ forward: name }, link.state === 'up' ? 1 : 0)
  })
  labelled(
    Gauge,
    ['davy_forward_behind', 'Entries and transitions the peer above has not acknowledged', ['forward']],
    (set) => {
      for (const { name, behind } of service.forwards()) set({ forward: name }, behind)
    },
  )
  const aside = [
    'davy_forward_refused_total',
    'What the peer above would not take, kept as dead letters',
    ['forward'],
  ] as const
  labelled(Counter, aside, (set) => {
    for (const { name, refused } of service.forwards()) set({ forward: name }, refused)
  })
  gauge('davy_configuration_refused', 'Whether what stands in the files is not in force as a whole', () =>
    service.configuration().refused ? 1 : 0,
  )
  gauge('davy_configuration_restart', 'Settings that wait for a restart', () => service.configuration().restart.length)
  labelled(Gauge, ['davy_points', 'Points by state', ['site', 'state']], (set) => {
    for (const site of service.installation().sites.values())
      for (const id of site.points.keys()) set({ site: site.id, state: service.point(site.id, id).state }, 1)
  })
  labelled(Gauge, ['davy_online_ratio', 'Points heard in time, of those that have to be', ['site']], (set) => {
    for (const site of service.installation().sites.values()) {
      const { online } = dataQuality(service, site)
      if (online !== undefined) set({ site: site.id }, online)
    }
  })
  labelled(Gauge, ['davy_good_ratio', "Good readings in time, of the last hour's", ['site']], (set) => {
    for (const site of service.installation().sites.values()) {
      const { good } = dataQuality(service, site)
      if (good !== undefined) set({ site: site.id }, good)
    }
  })
  labelled(Gauge, ['davy_alarms', 'Alarms that stand', ['state', 'severity']], (set) => {
    const standing = service.standing()
    for (const state of ALARM_STATES.slice(1)) {
      for (const severity of SEVERITIES) {
        set(
          { state, severity },
          standing.filter((alarm) => alarm.state === state && alarm.severity === severity).length,
        )
      }
    }
  })
  notificationMetrics(registry, service)
  diskMetrics(registry, () => service.disk())
  gauge('davy_streams', 'Open event streams', streams)
  gauge('davy_ready', 'Whether the service is ready', () => (service.ready() ? 1 : 0))

  function gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read())
      },
    })
  }

  /** A counter or gauge whose series are all read anew at each scrape. */
  function labelled(
    Kind: typeof Counter | typeof Gauge,
    [name, help, labelNames]: readonly [string, string, readonly string[]],
    read: (set: (labels: Record<string, string>, value: number) => void) => void,
  ): void {
    new Kind({
      name,
      help,
      labelNames: [...labelNames],
      registers,
      collect(this: Counter | Gauge) {
        this.reset()
        read((labels, value) => this.inc(labels, value))
      },
    })
  }

  return {
    text: () => registry.metrics(),
    contentType: registry.contentType,
    problem: (code) => problems.inc({ code }),
  }
}
