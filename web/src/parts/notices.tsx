/** The officer's messages, in a corner, read out by screen readers. */
import { useLanguage } from '../i18n/language.ts'
import { dismiss, notices } from '../store/notices.ts'
import { useStore } from '../store/store.ts'
import { ProblemText } from './states.tsx'

export function Notices() {
  const { w } = useLanguage()
  const all = useStore(notices, (list) => list)
  return (
    <div className="notices" aria-live="assertive">
      {all.map((notice) => (
        <div key={notice.id} className="notice" data-tone={notice.tone} role="alert">
          <div className="stack-tight grow">
            <b>{notice.title}</b>
            {notice.problem && <ProblemText problem={notice.problem} />}
          </div>
          <button type="button" className="icon-button" aria-label={w.common.close} onClick={() => dismiss(notice.id)}>
            ×
          </button>
        </div>
      ))}
    </div>
  )
}
