/** What can be done to an alarm, and undone. */
import { Button } from 'antd'
import { useState } from 'react'
import { upload } from '../api/files.ts'
import type { AlarmDetail, CommandBody } from '../api/types.ts'
import { useLanguage } from '../i18n/language.ts'
import { mayReset, needsConfirm } from '../store/alarms.ts'
import { type CommandName, command } from '../store/commands.ts'
import { useDeed } from '../store/deed.ts'
import { useMay } from '../store/may.ts'
import { notify } from '../store/notices.ts'
import { AssignForm, CommentForm, ServiceForm, ShelveForm } from './alarm-forms.tsx'
import { AttachForm } from './attach-form.tsx'
import { ProblemText } from './states.tsx'

/** Commands that need particulars. */
const FORMS = ['comment', 'assign', 'attach', 'shelve', 'out-of-service'] as const
type Open = (typeof FORMS)[number]

/** Whether the alarm's latest word on the matter was the first of the two. */
function stands({ timeline }: Pick<AlarmDetail, 'timeline'>, begun: string, ended: string): boolean {
  return timeline.findLast(({ cause }) => cause === begun || cause === ended)?.cause === begun
}

export function AlarmActions({ detail, done }: { detail: AlarmDetail; done: () => void }) {
  const { w } = useLanguage()
  const [open, setOpen] = useState<Open>()
  const { busy, problem, run, forget } = useDeed()
  const supervisor = useMay('supervisor')
  const carryOut = async (name: CommandName, particulars: () => Promise<CommandBody>) => {
    const taken = await run(async () => command(detail, { command: name, ...(await particulars()) }))
    if (!taken) return
    notify({ tone: 'done', title: w.acts.done[name] })
    setOpen(undefined)
    done()
  }
  const send = (name: CommandName) => (given: CommandBody) => void carryOut(name, async () => given)
  const attach = (file: File) =>
    void carryOut('attach', async () => {
      const { sha256, name, mediaType } = await upload(file)
      return { sha256, name, mediaType }
    })
  const shelved = stands(detail, 'shelved', 'unshelved')
  const out = stands(detail, 'out-of-service', 'in-service')
  const atOnce: readonly CommandName[] = [
    ...(needsConfirm(detail) ? (['confirm'] as const) : []),
    ...(mayReset(detail) ? (['reset'] as const) : []),
    ...(shelved ? (['unshelve'] as const) : []),
    ...(out && supervisor ? (['in-service'] as const) : []),
  ]
  const forms = FORMS.filter((name) =>
    name === 'shelve' ? !shelved : name === 'out-of-service' ? supervisor && !out : true,
  )
  const cancel = () => {
    forget()
    setOpen(undefined)
  }
  const props = { busy, cancel }
  return (
    <section className="drawer-section" aria-label={w.alarms.actions}>
      <div className="row wrap">
        {atOnce.map((name) => (
          <Button
            key={name}
            type={name === 'confirm' || name === 'reset' ? 'primary' : 'default'}
            loading={busy && open === undefined}
            onClick={() => send(name)({})}
          >
            {w.acts[name]}
          </Button>
        ))}
        {forms.map((name) => (
          <Button
            key={name}
            aria-expanded={open === name}
            onClick={() => {
              forget()
              setOpen(open === name ? undefined : name)
            }}
          >
            {w.acts[name]}…
          </Button>
        ))}
      </div>
      {out && !supervisor && <p className="quiet small">{w.acts.supervisor}</p>}
      {problem && (
        <p className="inline-note drawer-form" data-tone="error" role="alert">
          <ProblemText problem={problem} />
        </p>
      )}
      {open === 'comment' && <CommentForm {...props} send={send('comment')} />}
      {open === 'assign' && <AssignForm {...props} send={send('assign')} />}
      {open === 'attach' && <AttachForm {...props} send={attach} />}
      {open === 'shelve' && <ShelveForm {...props} send={send('shelve')} clause={detail.last.clause} />}
      {open === 'out-of-service' && <ServiceForm {...props} send={send('out-of-service')} />}
    </section>
  )
}
