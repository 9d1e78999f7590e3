/** Sources and ways up as a fold over a snapshot and the stream's news of them. */
import type {
  ForwardBody,
  ForwardList,
  LinkBody,
  LinksEvent,
  SourceBody,
  SourceList,
  TrafficEvent,
} from '../api/types.ts'

/** Everything this installation is linked with: below it sources, above it ways up. */
export interface Links {
  readonly sources: readonly SourceBody[]
  readonly forwards: readonly ForwardBody[]
}

export const linksOf = ({ sources }: SourceList, { forwards }: ForwardList): Links => ({ sources, forwards })

/** Which links there are and how each stands; counters are kept, and none yet where a link is new. */
export function applyLinks(known: Links | undefined, news: LinksEvent): Links {
  const uncounted = { frames: 0, readings: 0, duplicates: 0, refused: 0 }
  return {
    sources: renewed(known?.sources, { news: news.sources, without: uncounted }),
    forwards: renewed(known?.forwards, { news: news.forwards, without: { behind: 0, sent: 0, refused: 0 } }),
  }
}

function renewed<N extends { readonly name: string }, C extends object>(
  known: readonly (N & C)[] | undefined,
  { news, without }: { readonly news: readonly N[]; readonly without: C },
): readonly (N & C)[] {
  return news.map((link) => {
    const before = known?.find(({ name }) => name === link.name)
    // Why it was lost belongs to the state before.
    return { ...without, ...before, reason: undefined, ...link }
  })
}

/** Those that carried something replace themselves; of a link that is not known `links` will tell. */
export function applyTraffic(known: Links | undefined, { sources, forwards }: TrafficEvent): Links | undefined {
  if (!known) return undefined
  const fresh = <T extends { readonly name: string }>(all: readonly T[], changed: readonly T[]) =>
    changed.length === 0 ? all : all.map((one) => changed.find(({ name }) => name === one.name) ?? one)
  return { sources: fresh(known.sources, sources), forwards: fresh(known.forwards, forwards) }
}

/** Up, or heard in time where a source pushes and has no link. */
export const isUp = ({ state }: Pick<LinkBody, 'state'>): boolean => state === 'up' || state === 'live'

/** How much a link that is not up weighs: of a token nobody has used since the start there is nothing to say yet. */
export function linkTone({ state }: Pick<LinkBody, 'state'>): 'critical' | 'major' | 'calm' {
  if (state === 'down' || state === 'silent') return 'critical'
  return state === 'unheard' ? 'calm' : 'major'
}
