/** `davy start`: the service, until it is told to stop. */
import { DavyError } from '../../model/errors.ts'
import { systemClock } from '../clock.ts'
import { loadConfiguration } from '../configuration.ts'
import { createLog } from '../log.ts'
import { progress } from '../progress.ts'
import { run } from '../run.ts'
import { watchConfiguration } from '../watch-configuration.ts'
import { announce, type ListenFlags, until, withFlags } from './listening.ts'

export async function start(flags: ListenFlags & { readonly config: string; readonly data: string }): Promise<void> {
  const log = createLog(flags.json || !process.stderr.isTTY ? 'json' : 'words')
  const { installation, settings, files } = await loadConfiguration(flags.config, { warn: (text) => log.warn(text) })
  if (!flags.data) throw new DavyError('usage', { message: 'no data folder' })
  const report = progress('recovered')
  const running = await run({
    installation,
    files,
    settings: withFlags(settings, flags),
    data: flags.data,
    password: process.env.DAVY_PASSWORD,
    log,
    onProgress: (done) => report.show(done),
  })
  announce(running, flags)
  const watch = new AbortController()
  const watching = watchConfiguration(flags.config, {
    log,
    clock: systemClock(),
    signal: watch.signal,
    apply: ({ installation: next, files }) => running.reload(next, files),
    current: installation.hash,
  })
  await until(['SIGINT', 'SIGTERM'])
  watch.abort()
  await watching
  await running.stop()
  process.exit(0)
}
