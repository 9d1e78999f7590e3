/** What a password must be that somebody chose. */

/** Characters, at least (NIST SP 800-63B). Nothing is asked of which characters they are. */
export const SHORTEST_PASSWORD = 8

/** Whether a password is long enough, counted in characters as people count them. */
export function isLongEnough(password: string): boolean {
  return [...password].length >= SHORTEST_PASSWORD
}
