/** The two languages of the page, put together from a folder a theme, and which one to begin with. A new page brings its folder and a line for each language. */
import { en as alarmsEn } from './alarms/en.ts'
import { zh as alarmsZh } from './alarms/zh.ts'
import { en as desksEn } from './desks/en.ts'
import { zh as desksZh } from './desks/zh.ts'
import { en as evidenceEn } from './evidence/en.ts'
import { zh as evidenceZh } from './evidence/zh.ts'
import { en as figuresEn } from './figures/en.ts'
import { zh as figuresZh } from './figures/zh.ts'
import { en as frameEn } from './frame/en.ts'
import { zh as frameZh } from './frame/zh.ts'
import { en as handlingEn } from './handling/en.ts'
import { zh as handlingZh } from './handling/zh.ts'
import { en as hazardsEn } from './hazards/en.ts'
import { zh as hazardsZh } from './hazards/zh.ts'
import { en as notificationsEn } from './notifications/en.ts'
import { zh as notificationsZh } from './notifications/zh.ts'
import { en as overviewEn } from './overview/en.ts'
import { zh as overviewZh } from './overview/zh.ts'
import { en as problemsEn } from './problems/en.ts'
import { zh as problemsZh } from './problems/zh.ts'
import { en as rulesEn } from './rules/en.ts'
import { zh as rulesZh } from './rules/zh.ts'
import { en as shiftLogEn } from './shift-log/en.ts'
import { zh as shiftLogZh } from './shift-log/zh.ts'
import { en as siteEn } from './site/en.ts'
import { zh as siteZh } from './site/zh.ts'
import { en as sourcesEn } from './sources/en.ts'
import { zh as sourcesZh } from './sources/zh.ts'
import { en as termsEn } from './terms/en.ts'
import { zh as termsZh } from './terms/zh.ts'

const en = {
  ...frameEn,
  ...termsEn,
  ...overviewEn,
  ...siteEn,
  ...alarmsEn,
  ...handlingEn,
  ...evidenceEn,
  ...rulesEn,
  ...sourcesEn,
  ...notificationsEn,
  ...desksEn,
  ...shiftLogEn,
  ...figuresEn,
  ...hazardsEn,
  ...problemsEn,
}
const zh: Words = {
  ...frameZh,
  ...termsZh,
  ...overviewZh,
  ...siteZh,
  ...alarmsZh,
  ...handlingZh,
  ...evidenceZh,
  ...rulesZh,
  ...sourcesZh,
  ...notificationsZh,
  ...desksZh,
  ...shiftLogZh,
  ...figuresZh,
  ...hazardsZh,
  ...problemsZh,
}

/** What every language provides. */
export type Words = typeof en
export type Lang = 'zh' | 'en'

export const WORDS: Readonly<Record<Lang, Words>> = { zh, en }

/** What was chosen here before, or else the first of the browser's languages that the page speaks; English where there is none. */
export function firstLanguage(chosen: string | null, preferred: readonly string[]): Lang {
  if (chosen === 'zh' || chosen === 'en') return chosen
  for (const tag of preferred) {
    const language = tag.slice(0, 2).toLowerCase()
    if (language === 'zh' || language === 'en') return language
  }
  return 'en'
}
