/** Refusals by code, as title and remedy. The service's own words are English already: none are needed here. */
export const en = {
  problem: {} as Readonly<Record<string, readonly [title: string, remedy: string]>>,
}
