/** Counts by the hour gathered into as many bars as a screen has room for. */

export interface Bin {
  /** Of its first hour, as given. */
  readonly from: string
  readonly raised: number
}

/** The bars, oldest first, and how many hours each spans; the last may span fewer. */
export function binsOf(hours: readonly Bin[], most: number): { readonly bins: readonly Bin[]; readonly hours: number } {
  const width = [1, 2, 4, 6, 12, 24, 48, 96].find((size) => hours.length / size <= most) ?? 168
  const bins: Bin[] = []
  for (let at = 0; at < hours.length; at += width) {
    const inside = hours.slice(at, at + width)
    bins.push({ from: inside[0]!.from, raised: inside.reduce((sum, { raised }) => sum + raised, 0) })
  }
  return { bins, hours: width }
}
