/** Commits what is settled: one commit at a time, many messages in each. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Group, KafkaMessage } from './group.ts'
import { Positions } from './positions.ts'
import { within } from './within.ts'

/** Between two commits, milliseconds: what is settled meanwhile goes with the next. */
const COMMIT_EVERY = 100
/** Commits that fail one after the other until the cluster is taken for lost; one may well fail while the group shares anew. */
const FAILURES = 3
/** The last commit is worth waiting for, but not for ever, milliseconds. */
const STOP_WITHIN = 3_000

export class Commits {
  readonly #group: Group
  readonly #positions = new Positions()
  #running: Promise<void> | undefined
  #stopped = false

  constructor(group: Group) {
    this.#group = group
  }

  /** Notes a message; gives what its frame calls when it is settled. */
  take(message: KafkaMessage): () => void {
    const settle = this.#positions.take(message)
    return () => {
      settle()
      if (!this.#stopped) this.#running ??= this.#run()
    }
  }

  /** What is settled later stays uncommitted, and comes again. What was settled is committed, where that is still possible. */
  async stop(): Promise<void> {
    this.#stopped = true
    await within(STOP_WITHIN, this.#running)
  }

  async #run(): Promise<void> {
    // What is settled within one turn goes together.
    await pause(0)
    for (let failures = 0; failures < FAILURES; ) {
      const due = this.#positions.due(this.#group.has)
      if (due.length === 0) break
      try {
        await this.#group.commit(due)
        this.#positions.committed(due)
        failures = 0
      } catch (error) {
        failures++
        if (this.#stopped) break
        if (failures === FAILURES) this.#group.fail(error)
      }
      if (!this.#stopped) await pause(COMMIT_EVERY)
    }
    this.#running = undefined
  }
}
