/** The balance of the gates (入井减出井): who went in and not out again, held against whose cards are underground. */
import type { Balance, HeadChange, Spot, State } from './state.ts'

/** Takes a passage in. */
export function passage(balance: Balance, { id, direction }: HeadChange & { type: 'passage' }): void {
  if (id === undefined) {
    balance.anonymous = Math.max(0, balance.anonymous + (direction === 'in' ? 1 : -1))
    return
  }
  if (!balance.settled) balance.passed.add(id)
  if (direction === 'in') balance.named.add(id)
  // Somebody who went in unnamed comes out with a name.
  else if (!balance.named.delete(id)) balance.anonymous = Math.max(0, balance.anonymous - 1)
}

/** Heads by the gates, and cards as they compare with them. */
export function compareGates(
  { balance, members }: State,
  { cards }: Spot,
): { readonly before: number; readonly counts: { readonly heads: number; readonly cards: number } } {
  // On the way from the gate a card that works may be seen anywhere.
  let shown = 0
  for (const id of balance.named) if (members.get(id)?.carded) shown += 1
  let unnamed = 0
  let unknown = 0
  for (const id of cards) {
    if (balance.named.has(id)) continue
    unnamed += 1
    if (!balance.passed.has(id)) unknown += 1
  }
  // Until a shift has passed, whoever is underground and passed no gate was there before the journal.
  const before = balance.settled ? 0 : unknown
  const heads = balance.named.size + Math.max(balance.anonymous, before)
  return { before, counts: { heads, cards: shown + unnamed } }
}
