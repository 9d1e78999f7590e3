/** Waits for a piece of work, but no longer than until the abort. */

/** Settles as `work` does; rejects when `signal` aborts first, whatever becomes of the work. Leaves nothing behind on the signal: a
 *  race against one lasting promise would keep a little of each turn for as long as the service runs. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new Error('stopped'))
    signal.addEventListener('abort', stop)
    if (signal.aborted) stop()
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}
