/** The adapter of a consumer of Kafka topics whose messages are readings. */
import { DavyError, SourceLost } from '../../model/errors.ts'
import type { Adapter, AdapterContext, Frame, Link, LinkState, Source } from '../../model/ports.ts'
import { Commits } from './commits.ts'
import { misfitOf, reasonOf } from './connection.ts'
import { type Group, joinGroup, type KafkaMessage } from './group.ts'
import { type KafkaInput, KafkaSettings, withDefaults } from './settings.ts'

/** A source that also tells how many frames it holds that nobody pulled. */
export interface KafkaSource extends Source {
  held(): number
}

/** At least once: the group's place moves when what was taken is on disk, and what it has not moved over comes again. */
export function createKafkaSource(input: KafkaInput, context: AdapterContext & { readonly name: string }): KafkaSource {
  const { name, now } = context
  const settings = withDefaults(input)
  const peer = settings.brokers.join(',')
  let link: Link = { state: 'down', since: now(), reason: 'not opened yet', peer }
  const setLink = (state: LinkState, reason?: string) => {
    const since = state === link.state ? link.since : now()
    link = { state, since, peer, ...(reason !== undefined && { reason }) }
  }
  let group: Group | undefined

  async function* open(signal: AbortSignal): AsyncIterable<readonly Frame[]> {
    if (signal.aborted) return
    setLink('connecting')
    let own: Group | undefined
    let commits: Commits | undefined
    const end = () => own?.end()
    signal.addEventListener('abort', end)
    let lost: string | undefined
    try {
      own = await joinGroup(settings, { signal, lost: (error) => setLink('down', reasonOf(error)) })
      if (signal.aborted) return
      group = own
      const places = new Commits(own)
      commits = places
      setLink('up')
      for await (const messages of own.messages()) {
        if (signal.aborted) return
        yield messages.map((message) => frameOf(message, { site: settings.site, settle: places.take(message) }))
      }
    } catch (error) {
      if (signal.aborted) return
      lost = reasonOf(error)
      throw new SourceLost(`lost the Kafka cluster: ${lost}`, { where: peer, cause: error })
    } finally {
      signal.removeEventListener('abort', end)
      setLink('down', lost ?? 'closed')
      await commits?.stop()
      await own?.close()
      if (group === own) group = undefined
    }
  }

  return { name, open, link: () => link, held: () => group?.held() ?? 0 }
}

/** A message as the door takes it. One that names no site is refused here, and kept whole like all that is refused. */
function frameOf(
  { topic, partition, offset, key, value = Buffer.alloc(0) }: KafkaMessage,
  { site, settle }: { site: string | undefined; settle: () => void },
): Frame {
  const target = site ?? key?.toString()
  if (target) return { topic: `davy/v1/${target}`, payload: value, settle }
  const detail = `neither a key nor the setting \`site\` names one: partition ${partition}, offset ${offset}`
  return { topic, payload: value, refused: 'topic-unknown', detail, settle }
}

export const kafka: Adapter<KafkaSettings> = {
  name: 'kafka',
  title: { en: 'Consumer of Kafka topics', zh: 'Kafka 消费者' },
  settings: KafkaSettings,
  check(settings, { name }) {
    const misfit = misfitOf(settings)
    if (misfit !== undefined) throw new DavyError('settings-invalid', { message: misfit, where: name })
  },
  create: createKafkaSource,
}
