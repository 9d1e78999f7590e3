/** Which messages were taken and which are settled: a partition's place moves over what is settled without a gap. */

/** A place in a partition: the next offset to read. */
export interface Position {
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
}

interface Taken {
  /** The place behind it. */
  readonly next: bigint
  settled: boolean
}

interface Partition {
  readonly topic: string
  readonly partition: number
  readonly taken: Taken[]
  /** The place that is due. */
  due?: bigint
}

export class Positions {
  readonly #partitions = new Map<string, Partition>()

  /** Notes a message, in the order of its partition (after a rebalance some come again). Gives what settles it, which may be called twice. */
  take({ topic, partition, offset }: Position): () => void {
    const key = `${topic}:${partition}`
    const own: Partition = this.#partitions.get(key) ?? { topic, partition, taken: [] }
    this.#partitions.set(key, own)
    const taken: Taken = { next: offset + 1n, settled: false }
    own.taken.push(taken)
    return () => {
      taken.settled = true
    }
  }

  /** Places to commit; those of partitions that are not `ours` any more stay with whoever has them now. */
  due(ours: (place: Pick<Position, 'topic' | 'partition'>) => boolean): Position[] {
    const due: Position[] = []
    for (const own of this.#partitions.values()) {
      let count = 0
      while (own.taken[count]?.settled) count++
      for (const { next } of own.taken.splice(0, count)) own.due = next
      if (own.due === undefined || !ours(own)) continue
      due.push({ topic: own.topic, partition: own.partition, offset: own.due })
    }
    return due
  }

  /** These places are remembered: they are not due any more. */
  committed(places: readonly Position[]): void {
    for (const { topic, partition, offset } of places) {
      const own = this.#partitions.get(`${topic}:${partition}`)
      if (own?.due === offset) delete own.due
    }
  }
}
