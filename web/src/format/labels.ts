/** Places labels of horizontal lines so that none covers another. */

export interface Label {
  /** Of the line, pixels from the top. */
  readonly y: number
  readonly width: number
}

/** Each label stands just above its line; where lines lie closer than a label is high, the next steps to the right of those it would cover.
 *  The result is in the order given, in the unit of the input. */
export function placeLabels(
  labels: readonly Label[],
  { left, height, gap }: { readonly left: number; readonly height: number; readonly gap: number },
): readonly { readonly x: number; readonly y: number }[] {
  const placed: { x: number; y: number; width: number }[] = []
  return labels.map(({ y, width }) => {
    let x = left
    // Moving past one may run into another: until none is in the way.
    for (let moved = true; moved; ) {
      moved = false
      for (const other of placed) {
        const covers = Math.abs(other.y - y) < height && x < other.x + other.width + gap && other.x < x + width + gap
        if (!covers) continue
        x = other.x + other.width + gap
        moved = true
      }
    }
    placed.push({ x, y, width })
    return { x, y }
  })
}
