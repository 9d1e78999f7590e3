/** The thread of one request over a journal: reads beside the service, says how far it is, answers once and ends. */
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { openJournalReader } from '../adapters/journal-sqlite/index.ts'
import { readTold } from '../adapters/store-sqlite/told.ts'
import { DavyError } from '../model/errors.ts'
import { RULES } from '../rules/index.ts'
import { foldBoth } from './backtest/both.ts'
import { concerning, instead, narrow } from './backtest/tried.ts'
import { compare } from './backtest.ts'
import { collect } from './evidence/collect.ts'
import { rerun } from './evidence/rerun.ts'
import type { Job, Proof, Said, Trial } from './journal-work.ts'
import { openConfigurations } from './kept-configurations.ts'
import { zoneOf } from './wire.ts'

const port = parentPort
if (!port) throw new Error('the thread of a request was imported instead of being started')
const say = (said: Said, transfer: readonly ArrayBuffer[] = []) => port.postMessage(said, transfer)
const onProgress = (done: number, of: number) => say({ progress: { done, of } })

try {
  await work(workerData as Job)
} catch (thrown) {
  const { message } = thrown instanceof Error ? thrown : new Error(String(thrown))
  say({ error: { message, ...(thrown instanceof DavyError && { code: thrown.code, remedy: thrown.remedy }) } })
}

async function work(job: Job): Promise<void> {
  const journal = openJournalReader({ file: join(job.data, 'journal.db') })
  try {
    const load = openConfigurations({ data: job.data, rules: RULES }).load
    if (job.kind === 'evidence') {
      const { bytes, ...proof } = await prove(job, { journal, load })
      say({ result: { bytes, ...proof } satisfies Proof }, [bytes.buffer])
    } else say({ result: await tryOut(job.trial, { journal, load }) })
  } finally {
    await journal.close()
  }
}

interface Sources {
  readonly journal: ReturnType<typeof openJournalReader>
  readonly load: ReturnType<typeof openConfigurations>['load']
}

async function prove({ data, alarm, episode }: Extract<Job, { kind: 'evidence' }>, { journal, load }: Sources) {
  const told = readTold({ file: join(data, 'store.db'), alarm })
  const bundle = await collect({ journal, data, rules: RULES, configurationOf: load, alarm, episode, told, onProgress })
  const verdict = await rerun(bundle, { rules: RULES })
  const text = `${JSON.stringify(bundle)}\n`
  // A buffer of its own: a pooled one cannot be handed over.
  const bytes = new Uint8Array(new TextEncoder().encode(text))
  return { bytes, seal: bundle.seal, episode: bundle.episode, verdict }
}

async function tryOut(trial: Trial, { journal, load }: Sources) {
  const { from, to } = trial
  const under = (make: typeof narrow) => async (hash: string) => {
    const installation = await load(hash)
    return installation && make(installation, trial)
  }
  const sides = await foldBoth({
    journal,
    rules: RULES,
    was: under(narrow),
    would: under((installation) => instead(installation, { ...trial, rules: RULES })),
    to,
    onProgress,
  })
  const zone = (site: string) => (sides.installation ? zoneOf(site, sides.installation) : 'UTC')
  return compare({ ...concerning(sides, trial), from, to, zone })
}
