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
  const starting = run({
    installation,
    files,
    settings: withFlags(settings, flags),
    data: flags.data,
    password: process.env.DAVY_PASSWORD,
    log,
    onProgress: (done) => report.show(done),
  })
  const watch = new AbortController()
  // From the beginning: what is saved while the journal is read back comes into force after it.
  const watching = watchConfiguration(flags.config, {
    log,
    clock: systemClock(),
    signal: watch.signal,
    async apply(next) {
      await (await starting).reload({ ...next, settings: withFlags(next.settings, flags) })
    },
    // Where the start fails that is what is said.
    refuse: (problems) => void starting.then((running) => running.refuse(problems)).catch(() => {}),
    settings,
  })
  try {
    const running = await starting
    // Before its first word: who hears it may stop it at once.
    const stopped = until(['SIGINT', 'SIGTERM'])
    announce(running, flags)
    await stopped
    watch.abort()
    await watching
    await running.stop()
  } finally {
    watch.abort()
  }
  process.exit(0)
}
