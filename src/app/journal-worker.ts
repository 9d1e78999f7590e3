/** The process of one request over a journal: reads beside the service, says how far it is, answers once and ends, or with the service. */
import { join } from 'node:path'
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

if (!process.send) throw new Error('the process of a request was started by nobody who hears it')
const say = (said: Said) => new Promise((told) => process.send!(said, told))
const onProgress = (done: number, of: number) => void say({ progress: { done, of } })

process.once('disconnect', () => process.exit())
process.once('message', async (job: Job) => {
  try {
    await work(job)
  } catch (thrown) {
    const { message } = thrown instanceof Error ? thrown : new Error(String(thrown))
    await say({ error: { message, ...(thrown instanceof DavyError && { code: thrown.code, remedy: thrown.remedy }) } })
  }
  process.disconnect()
})

async function work(job: Job): Promise<void> {
  const journal = openJournalReader({ file: join(job.data, 'journal.db') })
  try {
    const load = openConfigurations({ data: job.data, rules: RULES }).load
    if (job.kind === 'evidence') {
      const { bytes, ...proof } = await prove(job, { journal, load })
      await say({ result: { bytes, ...proof } satisfies Proof })
    } else await say({ result: await tryOut(job.trial, { journal, load }) })
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
  return { bytes: new TextEncoder().encode(text), seal: bundle.seal, episode: bundle.episode, verdict }
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
