/** Waits for what is pleasant to have, but not for ever. */

/** Resolves once it is done, has failed, or takes longer than `limit` milliseconds. */
export async function within(limit: number, work: Promise<unknown> | undefined): Promise<void> {
  if (!work) return
  const tooLate = Promise.withResolvers<void>()
  const timer = setTimeout(tooLate.resolve, limit)
  await Promise.race([work.catch(() => {}), tooLate.promise])
  clearTimeout(timer)
}
