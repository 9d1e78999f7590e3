/** Progress of long work on standard error, only where a person watches. */
export interface Progress {
  show(done: number): void
  done(total: number): void
}

/** Lines between two looks at whether anybody wants to know. */
const STRIDE = 50_000

export function progress(verb: string, of?: number): Progress {
  const watched = process.stderr.isTTY === true
  let shown = 0
  return {
    show(done) {
      if (!watched || done - shown < STRIDE) return
      shown = done
      const share = of ? ` of ${of} (${Math.floor((100 * done) / of)} %)` : ''
      process.stderr.write(`\r${verb} ${done}${share}`)
    },
    done(total) {
      if (watched && shown > 0) process.stderr.write(`\r${verb} ${total}\u001b[K\n`)
    },
  }
}
