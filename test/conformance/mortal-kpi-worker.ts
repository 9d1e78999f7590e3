/** The reader of past alarms, which a question for the desk `dies` kills. */
import { parentPort } from 'node:worker_threads'

parentPort?.on('message', ({ argument }: { argument?: { desk?: string } }) => {
  if (argument?.desk === 'dies') process.exit(1)
})
await import('../../src/adapters/store-sqlite/kpi-worker.ts')
