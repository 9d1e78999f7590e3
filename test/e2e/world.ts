/** A small world over real MQTT for the page to show: crews at their places, gas, air, switches and cameras of the example installation. */
import mqtt, { type MqttClient } from 'mqtt'

export interface World {
  /** Overrides what a point says from now on; `null`: it says nothing. */
  say(point: string, value: unknown): void
  /** Publishes something as it is, good or not. */
  send(topic: string, payload: string): Promise<void>
  stop(): Promise<void>
}

interface Cards {
  readonly reader: string
  readonly first: number
  readonly count: number
}

const CREWS: Readonly<Record<string, readonly Cards[]>> = {
  baoyuan: [
    { reader: 'readers/r-101-a', first: 10_020, count: 14 },
    { reader: 'readers/r-101-b', first: 10_034, count: 6 },
    { reader: 'readers/r-202-a', first: 10_050, count: 11 },
    { reader: 'readers/r-maint-7', first: 10_070, count: 5 },
    { reader: 'readers/r-haul-1', first: 10_080, count: 4 },
    { reader: 'readers/r-pump', first: 10_010, count: 1 },
  ],
  'longteng-chem': [
    { reader: 'readers/r-tank-farm', first: 30_005, count: 4 },
    { reader: 'readers/r-reactor-hall', first: 30_012, count: 7 },
  ],
}

/** Values at a second; gentle waves, so that charts have something to draw. */
function values(second: number): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  const wave = (base: number, swing: number, period: number) =>
    Math.round(
      (base + swing * Math.sin((second / period) * 2 * Math.PI) + (swing / 6) * Math.sin(second * 1.7)) * 1000,
    ) / 1000
  return {
    baoyuan: {
      'face-101/ch4-t0': wave(0.46, 0.08, 50),
      'face-101/ch4-t1': wave(0.38, 0.06, 70),
      'face-101/ch4-t2': wave(0.31, 0.05, 90),
      'head-202/ch4-t1': wave(0.29, 0.05, 60),
      'head-202/ch4-t2': wave(0.22, 0.04, 80),
      'maint-7/ch4': wave(0.12, 0.02, 40),
      'main-return/ch4': wave(0.35, 0.03, 120),
      'face-101/co': wave(4.2, 0.8, 45),
      'main-haulage/co': wave(1.4, 0.3, 45),
      'face-101/wind': wave(1.62, 0.1, 30),
      'main-return/wind': wave(4.8, 0.2, 30),
      'face-101/temperature': wave(24.6, 0.3, 100),
      'pump-room/temperature': wave(27.9, 0.2, 100),
      'substation/temperature': wave(28.4, 0.2, 100),
      'face-101/dust': wave(2.1, 0.4, 33),
      'main-haulage/smoke': false,
      'feeders/f-101': true,
      'feeders/f-202': true,
      'fans/head-202-main': true,
      'fans/head-202-standby': false,
      'cameras/c-wellhead': 'online',
      'cameras/c-101': 'online',
      'cameras/c-202': 'online',
      'cameras/c-maint-7': 'online',
      'hoist/power': wave(820, 160, 40),
      'fan/power': wave(410, 6, 40),
      'pump/power': wave(180, 20, 40),
    },
    'longteng-chem': Object.fromEntries([
      ...[1, 2, 3, 4].flatMap((n) => [
        [`tanks/t-0${n}/level`, wave(38 + n * 8, 1.5, 90)],
        [`tanks/t-0${n}/pressure`, wave(12 + n, 0.4, 60)],
        [`tanks/t-0${n}/temperature`, wave(21 + n, 0.3, 80)],
      ]),
      ...[1, 2, 3, 4, 5, 6, 7, 8].map((n) => [`gas/lel-0${n}`, wave(2 + n / 4, 0.5, 40)]),
      ...[1, 2, 3].map((n) => [`gas/h2s-0${n}`, wave(0.6, 0.1, 40)]),
      ['gas/co-01', wave(3, 0.4, 40)],
      ['gas/o2-01', wave(20.8, 0.05, 40)],
      ...['tank-farm', 'reactor-hall', 'loading-bay', 'hot-work-1'].map((area) => [`cameras/c-${area}`, 'online']),
    ]),
    'weld-yard': {
      'weld-01/current': second % 20 < 12 ? wave(178, 8, 5) : 0,
      'weld-02/current': 0,
      'bay-1/lel': wave(1.2, 0.2, 30),
      'bay-2/lel': wave(1, 0.2, 30),
      'cameras/c-bay-1': 'online',
      'cameras/c-bay-2': 'online',
    },
  }
}

/** Begins to speak at once, then every second, through brokers that come and go. */
export async function startWorld(url: string): Promise<World> {
  const client: MqttClient = await mqtt.connectAsync(url, { reconnectPeriod: 300, clientId: 'world' })
  const said = new Map<string, unknown>()
  let second = 0
  const tick = () => {
    const ts = Date.now()
    for (const [site, points] of Object.entries(values(second))) {
      const batch = Object.entries(points)
        .map(([point, value]) => ({
          point,
          ts,
          value: said.has(`${site}/${point}`) ? said.get(`${site}/${point}`) : value,
        }))
        .filter(({ value }) => value !== null)
      if (client.connected) client.publish(`davy/v1/${site}`, JSON.stringify(batch), { qos: 0 })
    }
    if (second % 10 === 0) for (const site of Object.keys(CREWS)) crew(site, ts)
    second++
  }
  const crew = (site: string, ts: number) => {
    const batch = (CREWS[site] ?? []).flatMap(({ reader, first, count }) =>
      Array.from({ length: count }, (_, n) => ({
        point: reader,
        ts,
        value: { card: String(first + n), moving: true },
      })),
    )
    if (client.connected) client.publish(`davy/v1/${site}`, JSON.stringify(batch), { qos: 0 })
  }
  tick()
  const timer = setInterval(tick, 1_000)
  return {
    say(point, value) {
      said.set(point, value)
    },
    send: async (topic, payload) => void (await client.publishAsync(topic, payload, { qos: 1 })),
    async stop() {
      clearInterval(timer)
      await client.endAsync(true)
    },
  }
}
