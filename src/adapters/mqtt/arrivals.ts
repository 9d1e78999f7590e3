/** Who may come in before anything is known of them: so many connections of one address, so many that have not said who they are. */

export interface ArrivalLimits {
  /** All connections, of every listener. */
  readonly connections: number
  /** Connections of one address. */
  readonly perAddress: number
  /** Of these, those that are not welcomed yet. */
  readonly strangers: number
}

/** Counts of one address. */
interface Count {
  all: number
  strangers: number
}

/** One connection that was let in. */
export interface Arrival {
  /** It has said who it is, and is welcome. */
  welcome(): void
  /** It is gone. */
  leave(): void
}

export class Arrivals {
  readonly #limits: ArrivalLimits
  readonly #counts = new Map<string, Count>()
  #all = 0

  constructor(limits: ArrivalLimits) {
    this.#limits = limits
  }

  /** Lets one in, or says which limit it meets. */
  admit(address: string): Arrival | string {
    const { connections, perAddress, strangers } = this.#limits
    const count = this.#counts.get(address) ?? { all: 0, strangers: 0 }
    if (this.#all >= connections) return 'limits.connections'
    if (count.all >= perAddress) return 'limits.perAddress'
    if (count.strangers >= strangers) return 'limits.strangers'
    this.#counts.set(address, count)
    this.#all++
    count.all++
    count.strangers++
    let stranger = true
    const welcome = () => {
      if (stranger) count.strangers--
      stranger = false
    }
    return {
      welcome,
      leave: () => {
        welcome()
        this.#all--
        if (--count.all === 0) this.#counts.delete(address)
      },
    }
  }
}
