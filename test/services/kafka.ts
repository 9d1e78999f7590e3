/** A real Kafka broker (KRaft, one node) on loopback, its data in a fresh folder. `.ci/run` brings it with Maven (`pom.xml` beside). */
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { Admin, ConfigResourceTypes, Consumer, Producer } from '@platformatic/kafka'
import { freePort } from '../../simulators/ports.ts'

const LIBRARIES = join(import.meta.dirname, '../../.peers/kafka')
const JAVA = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn']
const PASSWORD = 'lamp-room-17'
const START_WITHIN = 60_000

/** What is missing to run the broker, in a sentence; `undefined` where it can be run. */
export const MISSING: string | undefined = missing()

export interface Sent {
  readonly key?: string
  readonly value: string | Buffer
  readonly partition?: number
}

export interface Read {
  readonly key: string
  readonly value: string
  readonly headers: Readonly<Record<string, string>>
  readonly partition: number
}

export interface KafkaBroker {
  /** `host:port` of the open listener, and of the one that speaks TLS and wants SCRAM-SHA-512. */
  readonly plain: string
  readonly secure: string
  /** Files for the secure listener: its authority, and the password of the user `mine`. */
  readonly ca: string
  readonly passwordFile: string
  /** `most`: bytes of a batch of records that it takes. */
  createTopic(topic: string, how?: { readonly partitions?: number; readonly most?: number }): Promise<void>
  limitTopic(topic: string, most: number): Promise<void>
  /** Resolves once the broker has them. */
  produce(topic: string, messages: readonly Sent[]): Promise<void>
  /** The first `n` messages of a topic, or the first that are enough, as text. */
  read(topic: string, n: number | ((read: readonly Read[]) => boolean)): Promise<readonly Read[]>
  /** Sum over the partitions of what the group has taken of the topic. */
  committed(group: string, topic: string): Promise<number>
  start(): Promise<void>
  /** Kills it as a power cut would. */
  kill(): Promise<void>
  /** It runs no more, and its sockets stay open; or goes on. */
  freeze(frozen: boolean): void
  remove(): Promise<void>
}

export async function kafkaBroker(): Promise<KafkaBroker> {
  const folder = mkdtempSync(join(tmpdir(), 'davy-kafka-'))
  const [plain, secure, controller] = [await freePort(), await freePort(), await freePort()]
  const file = (name: string) => join(folder, name)
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  const names = ['-subj', '/CN=broker', '-addext', 'subjectAltName=IP:127.0.0.1']
  execFileSync('openssl', ['req', '-x509', ...curve, ...names, '-keyout', file('key.pem'), '-out', file('ca.pem')], {
    stdio: 'pipe',
  })
  writeFileSync(file('both.pem'), execFileSync('cat', [file('key.pem'), file('ca.pem')]))
  writeFileSync(file('password'), `${PASSWORD}\n`)
  writeFileSync(
    file('server.properties'),
    Object.entries({
      'process.roles': 'broker,controller',
      'node.id': 1,
      'controller.quorum.voters': `1@127.0.0.1:${controller}`,
      listeners: `PLAINTEXT://127.0.0.1:${plain},SECURE://127.0.0.1:${secure},CONTROLLER://127.0.0.1:${controller}`,
      'controller.listener.names': 'CONTROLLER',
      'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,SECURE:SASL_SSL,CONTROLLER:PLAINTEXT',
      'listener.name.secure.ssl.keystore.type': 'PEM',
      'listener.name.secure.ssl.keystore.location': file('both.pem'),
      'listener.name.secure.sasl.enabled.mechanisms': 'SCRAM-SHA-512',
      'listener.name.secure.scram-sha-512.sasl.jaas.config':
        'org.apache.kafka.common.security.scram.ScramLoginModule required;',
      'log.dirs': file('data'),
      // A broker that was killed is let in again once its former self has been silent this long.
      'broker.session.timeout.ms': 4_000,
      'broker.heartbeat.interval.ms': 500,
      'log.index.size.max.bytes': 1_048_576,
      'offsets.topic.num.partitions': 1,
      'offsets.topic.replication.factor': 1,
      'transaction.state.log.replication.factor': 1,
      'transaction.state.log.min.isr': 1,
      'share.coordinator.state.topic.replication.factor': 1,
      'share.coordinator.state.topic.min.isr': 1,
      'group.initial.rebalance.delay.ms': 0,
      'auto.create.topics.enable': false,
    })
      .map(([key, value]) => `${key}=${value}\n`)
      .join(''),
  )
  const classes = ['-cp', join(LIBRARIES, '*')]
  const tool = [...JAVA, '-Xmx128m', ...classes, 'kafka.tools.StorageTool', 'format', '-c', file('server.properties')]
  const user = `SCRAM-SHA-512=[name=mine,password=${PASSWORD}]`
  await promisify(execFile)('java', [...tool, '-t', '4L6g3nShT-eMCtK--X86sw', '--add-scram', user])

  const base = { clientId: 'test', bootstrapBrokers: [{ host: '127.0.0.1', port: plain }] }
  const log: string[] = []
  let child: ChildProcess | undefined
  let producer: Producer | undefined

  async function withAdmin<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    const admin = new Admin({ ...base, retries: 5, retryDelay: 200 })
    try {
      return await work(admin)
    } finally {
      await admin.close()
    }
  }

  async function start(): Promise<void> {
    const server = [...JAVA, '-Xms96m', '-Xmx384m', ...classes, 'kafka.Kafka', file('server.properties')]
    const started = spawn('java', server, { stdio: ['ignore', 'pipe', 'pipe'] })
    child = started
    for (const stream of [started.stdout, started.stderr]) {
      stream.on('data', (data) => {
        log.push(String(data))
        log.splice(0, log.length - 50)
      })
    }
    for (const deadline = Date.now() + START_WITHIN; ; ) {
      const up = await withAdmin((admin) => admin.listTopics({ includeInternals: true })).catch(() => undefined)
      if (up) return
      const gone = started.exitCode !== null || started.signalCode !== null
      if (gone || Date.now() > deadline) throw new Error(`Kafka did not start: ${log.slice(-8).join('')}`)
      await pause(100)
    }
  }

  async function kill(): Promise<void> {
    if (!child) return
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    child = undefined
    await exited
  }

  await start()
  return {
    plain: `127.0.0.1:${plain}`,
    secure: `127.0.0.1:${secure}`,
    ca: file('ca.pem'),
    passwordFile: file('password'),
    start,
    kill,
    freeze: (frozen) => void child?.kill(frozen ? 'SIGSTOP' : 'SIGCONT'),
    async createTopic(topic, { partitions = 3, most } = {}) {
      const configs = most === undefined ? [] : [{ name: 'max.message.bytes', value: String(most) }]
      await withAdmin((admin) => admin.createTopics({ topics: [topic], partitions, replicas: 1, configs }))
    },
    async limitTopic(resourceName, most) {
      const configs = [{ name: 'max.message.bytes', value: String(most) }]
      const resources = [{ resourceType: ConfigResourceTypes.TOPIC, resourceName, configs }]
      await withAdmin((admin) => admin.alterConfigs({ resources, validateOnly: false }))
    },
    async produce(topic, messages) {
      // Without idempotence a fresh topic, of which not every partition answers yet, gets some of them twice.
      producer ??= new Producer({ ...base, idempotent: true, retries: 50, retryDelay: 200 })
      for (let i = 0; i < messages.length; i += 100) {
        await producer.send({
          messages: messages.slice(i, i + 100).map(({ key, value, partition }) => ({
            topic,
            value: Buffer.from(value),
            ...(key !== undefined && { key: Buffer.from(key) }),
            ...(partition !== undefined && { partition }),
          })),
        })
      }
    },
    async read(topic, n) {
      const consumer = new Consumer({ ...base, groupId: `read-${topic}`, retries: 20, retryDelay: 200 })
      const read: Read[] = []
      try {
        const stream = await consumer.consume({ topics: [topic], mode: 'earliest', autocommit: false })
        for await (const { key, value, headers, partition } of stream) {
          const named = Object.fromEntries([...headers].map(([name, text]) => [String(name), String(text)]))
          read.push({ key: String(key), value: String(value), headers: named, partition })
          if (typeof n === 'number' ? read.length === n : n(read)) break
        }
      } finally {
        await consumer.close(true)
      }
      return read
    },
    async committed(group, topic) {
      const groups = await withAdmin((admin) => admin.listConsumerGroupOffsets({ groups: [group] }))
      const partitions = groups.flatMap(({ topics }) => topics.filter(({ name }) => name === topic))
      return partitions
        .flatMap((own) => own.partitions)
        .reduce((sum, { committedOffset }) => sum + Math.max(0, Number(committedOffset)), 0)
    },
    async remove() {
      await producer?.close()
      await kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function missing(): string | undefined {
  try {
    execFileSync('java', ['-version'], { stdio: 'pipe' })
  } catch {
    return 'Java 17 is missing: apt-get install default-jre-headless'
  }
  if (existsSync(LIBRARIES) && readdirSync(LIBRARIES).some((name) => name.startsWith('kafka-server-'))) return undefined
  return 'the Kafka broker is missing: mvn -f test/services/pom.xml dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$PWD/.peers/kafka"'
}
