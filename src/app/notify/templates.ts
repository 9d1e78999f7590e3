/** Templates of messages: those that hold where nothing is configured, and how placeholders are filled in. */
import type { Facts } from './placeholders.ts'
import type { Language, Templates } from './settings.ts'

export type Form = 'short' | 'title' | 'medium' | 'long' | 'line'
export type Tongue = Exclude<Language, 'both'>

/** A line whose placeholders are all empty is left out. */
const DEFAULTS: Readonly<Record<Tongue, Readonly<Record<Form, string>>>> = {
  zh: {
    short: '【{colour}·{severity}】{site} {what}，{cause} {at}',
    title: '[{colour}] {severity}·{cause}：{site} {area}',
    medium:
      '**{what}**\n地点：{site} {area}\n数值：{value}\n限值：{limit}\n依据：{clause}\n开始：{since}\n判定：{at}\n{ack}\n[打开报警]({link})',
    long: '{severity}（{colour}）· {cause}\n{what}\n\n地点：{site} {area}\n数值：{value}\n限值：{limit}\n依据：{clause}\n开始：{since}\n判定：{at}\n报警：{alarm}\n\n{ack}\n{link}',
    line: '[{colour}] {cause} {site} {what}（{at}）',
  },
  en: {
    short: '[{colour}] {site}: {what}, {cause} {at}',
    title: '[{colour}] {severity}, {cause}: {site} {area}',
    medium:
      '**{what}**\nPlace: {site} {area}\nValue: {value}\nLimit: {limit}\nClause: {clause}\nSince: {since}\nJudged: {at}\n{ack}\n[Open the alarm]({link})',
    long: '{severity} ({colour}), {cause}\n{what}\n\nPlace: {site} {area}\nValue: {value}\nLimit: {limit}\nClause: {clause}\nSince: {since}\nJudged: {at}\nAlarm: {alarm}\n\n{ack}\n{link}',
    line: '[{colour}] {cause} {site}: {what} ({at})',
  },
}

/** A configured template, or the one that holds without. */
export function templateOf(form: Form, { language, own }: { language: Tongue; own: Templates }): string {
  return own[language][form] ?? DEFAULTS[language][form]
}

/** Fills the placeholders in; lines of which nothing is left but the words around them go. */
export function fill(template: string, facts: Facts): string {
  const lines = template.split('\n').flatMap((line) => {
    const wanted = placeholdersOf(line)
    if (wanted.length > 0 && wanted.every((name) => facts[name as keyof Facts] === '')) return []
    return line.replace(/\{(\w+)\}/g, (_, name: string) => facts[name as keyof Facts] ?? '').trimEnd()
  })
  return lines.join('\n').trim()
}

/** What stands between braces. */
export function placeholdersOf(template: string): string[] {
  return [...template.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!)
}

/** At most `most` characters, the last one saying that there was more. */
export function cut(text: string, most: number): string {
  const characters = [...text]
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`
}
