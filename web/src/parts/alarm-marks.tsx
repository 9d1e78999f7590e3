/** How an alarm stands, in words: kept from people, held, chattering, first-up, in a flood, told again. */
import { Tooltip } from 'antd'
import type { TransitionBody } from '../api/types.ts'
import { shortTime } from '../format/time.ts'
import { useLanguage } from '../i18n/language.ts'
import type { Words } from '../i18n/words.ts'
import { useNow } from '../store/clock.ts'

interface Mark {
  readonly word: string
  readonly hint?: string
}

/** What there is to say, the weightiest first. */
function marksOf(last: TransitionBody, { w, time }: { w: Words; time: (at: string) => string }): readonly Mark[] {
  const { hush, held, chattering, first, group, members, cause } = last
  const m = w.marks
  const marks: (Mark | undefined | false)[] = [
    hush && {
      word: hush.until === undefined ? m[hush.kind] : m.until(m[hush.kind], time(hush.until)),
      hint: [w.hush[hush.kind], hush.reason].filter(Boolean).join(' '),
    },
    held === 'latched' && { word: m.latched, hint: m.latchedHint },
    held === 'unconfirmed' && { word: m.unconfirmed, hint: m.unconfirmedHint },
    cause === 'realarmed' && { word: m.realarmed, hint: m.realarmedHint },
    members && { word: m.flood(members.count) },
    chattering && { word: m.chattering, hint: m.chatteringHint },
    first && { word: m.first, hint: m.firstHint },
    group !== undefined && { word: m.group, hint: m.groupHint(group) },
    cause === 'retrospective' && { word: m.retrospective },
  ]
  return marks.filter((mark) => mark !== undefined && mark !== false)
}

export function AlarmMarks({ last, zone }: { last: TransitionBody; zone: string }) {
  const { w } = useLanguage()
  const now = useNow()
  const marks = marksOf(last, { w, time: (at) => shortTime(Date.parse(at), { zone, now }) })
  if (marks.length === 0) return null
  return (
    <span className="marks">
      {marks.map(({ word, hint }) => (
        <Tooltip key={word} title={hint}>
          <em className="mark">{word}</em>
        </Tooltip>
      ))}
    </span>
  )
}
