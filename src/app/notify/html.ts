/** The HTML of a mail: the text under a bar in the severity's colour; no picture, no script, nothing from elsewhere. */
import type { Severity } from '../../model/alarm.ts'
import { COLOURS } from './words.ts'

/** One part a language; addresses become links. */
export function htmlOf(
  parts: readonly { readonly text: string }[],
  { severity, title }: { severity: Severity; title: string },
): string {
  const bodies = parts.map(({ text }) => `<p>${text.split('\n').map(lineOf).join('<br>')}</p>`)
  return `<div style="font-family:sans-serif;border-left:6px solid ${COLOURS[severity]};padding-left:12px"><h3 style="color:${COLOURS[severity]}">${escapeHtml(title)}</h3>${bodies.join('<hr>')}</div>`
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

function lineOf(line: string): string {
  return escapeHtml(line).replace(/https?:\/\/[^\s]+/g, (address) => `<a href="${address}">${address}</a>`)
}
