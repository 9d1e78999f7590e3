/** The placeholders of templates. */

/** Every placeholder of a template, and what stands there. */
export const PLACEHOLDERS = {
  severity: 'severity in words',
  colour: 'its colour: red, orange, yellow, blue',
  cause: 'what happened: raised, escalated, cleared, …',
  site: 'name of the site',
  area: 'name of the area, where there is one',
  what: "the alarm's own text",
  value: 'value with its unit, where there is one',
  limit: 'limit with its unit, where there is one',
  clause: 'regulation and clause, where there is one',
  since: "when the condition began, in the site's time, also in what tells of its end",
  at: "when that happened: raised, cleared, …, in the site's time",
  rule: 'id of the rule item',
  key: 'what the alarm is about',
  alarm: 'id of the alarm',
  link: 'address of the alarm on the page; nothing without `notify.baseUrl`',
  ack: 'what to do, while nobody has acknowledged it',
} as const
export type Placeholder = keyof typeof PLACEHOLDERS
/** What stands there, of one transition in one language; empty where there is nothing. */
export type Facts = Readonly<Record<Placeholder, string>>
