/** Text put where a format gives some characters a meaning. */

/** For Markdown that understands tags, as the group robots' does: nothing in a name or a value can become a tag. What they make of
 *  entities differs, so the wide forms of the characters stand for them. */
export function escapeTags(text: string): string {
  return text.replaceAll('<', '＜').replaceAll('>', '＞')
}

/** At most `most` bytes of UTF-8, cut between characters and marked. */
export function cutBytes(text: string, most: number): string {
  const bytes = Buffer.from(text)
  if (bytes.length <= most) return text
  let end = most - 3
  // Not within a character: its later bytes begin with the bits 10.
  while (end > 0 && (bytes[end]! & 0xc0) === 0x80) end--
  return `${bytes.toString('utf8', 0, end)}…`
}

/** For text and attributes of XML. */
export function escapeXml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&apos;',
  }
  return text.replace(/[&<>"']/g, (character) => entities[character]!)
}
