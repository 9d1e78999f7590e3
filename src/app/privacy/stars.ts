/** Names and numbers cut to what tells them apart on a screen or a telephone. */

/** 王小明 → 王**; a name of one character is hidden whole. */
export function maskName(name: string): string {
  const [first = '', ...rest] = name
  return rest.length > 0 ? `${first}**` : '**'
}

/** The last two characters tell a crew apart; shorter numbers are hidden whole. */
export function maskNumber(number: string): string {
  return number.length > 4 ? `***${number.slice(-2)}` : '***'
}
