/** Comment, shelve, unshelve. */
import { Button, Form, Input, Select } from 'antd'
import { useState } from 'react'
import type { Problem } from '../api/http.ts'
import type { AlarmDetail } from '../api/types.ts'
import { useLanguage } from '../i18n/language.ts'
import { type CommandDetails, command } from '../store/commands.ts'
import { notify } from '../store/notices.ts'
import { ProblemText } from './states.tsx'

type Open = 'comment' | 'shelve' | undefined

/** Whether the alarm's latest word on the matter put it on the shelf. */
export function shelved({ timeline }: Pick<AlarmDetail, 'timeline'>): boolean {
  return timeline.findLast((step) => step.cause === 'shelved' || step.cause === 'unshelved')?.cause === 'shelved'
}

export function AlarmActions({ detail, done }: { detail: AlarmDetail; done: () => void }) {
  const { w } = useLanguage()
  const [open, setOpen] = useState<Open>()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  const run = async (details: CommandDetails & { name: 'shelve' | 'unshelve' | 'comment' }) => {
    setBusy(true)
    setProblem(undefined)
    try {
      await command(detail.alarm, details)
      // A comment changes nothing about the alarm, so nothing else would show that it was taken.
      if (details.name === 'comment') notify({ tone: 'done', title: w.drawer.commented })
      setOpen(undefined)
      done()
    } catch (error) {
      setProblem(error as Problem)
    } finally {
      setBusy(false)
    }
  }
  const toggle = (name: Open) => {
    setProblem(undefined)
    setOpen(open === name ? undefined : name)
  }
  return (
    <section className="drawer-section" aria-label={w.alarms.actions}>
      <div className="row">
        <Button aria-expanded={open === 'comment'} onClick={() => toggle('comment')}>
          {w.drawer.comment}
        </Button>
        {shelved(detail) ? (
          <Button loading={busy} onClick={() => void run({ name: 'unshelve' })}>
            {w.drawer.unshelve}
          </Button>
        ) : (
          <Button aria-expanded={open === 'shelve'} onClick={() => toggle('shelve')}>
            {w.drawer.shelve}…
          </Button>
        )}
      </div>
      {problem && (
        <p className="inline-note drawer-form" data-tone="error" role="alert">
          <ProblemText problem={problem} />
        </p>
      )}
      {open === 'comment' && <CommentForm busy={busy} send={(text) => void run({ name: 'comment', text })} />}
      {open === 'shelve' && (
        <ShelveForm
          busy={busy}
          send={(given) => void run({ name: 'shelve', ...given })}
          cancel={() => setOpen(undefined)}
        />
      )}
    </section>
  )
}

function CommentForm({ busy, send }: { busy: boolean; send: (text: string) => void }) {
  const { w } = useLanguage()
  return (
    <Form<{ text: string }> className="drawer-form" layout="vertical" onFinish={({ text }) => send(text)}>
      <Form.Item name="text" rules={[{ required: true, whitespace: true, message: w.login.missing }]}>
        <Input.TextArea
          rows={2}
          maxLength={4000}
          placeholder={w.drawer.commentHint}
          aria-label={w.drawer.comment}
          autoFocus
        />
      </Form.Item>
      <Button type="primary" htmlType="submit" loading={busy}>
        {w.drawer.send}
      </Button>
    </Form>
  )
}

interface ShelveProps {
  readonly busy: boolean
  send(given: { reason: string; for: string }): void
  cancel(): void
}

function ShelveForm({ busy, send, cancel }: ShelveProps) {
  const { w } = useLanguage()
  return (
    <Form<{ reason: string; for: string }>
      className="drawer-form"
      layout="vertical"
      initialValues={{ for: '1h' }}
      onFinish={send}
      requiredMark={false}
    >
      <p className="quiet">{w.drawer.shelveHint}</p>
      <Form.Item
        name="reason"
        label={w.drawer.reason}
        rules={[{ required: true, whitespace: true, message: w.drawer.reasonMissing }]}
      >
        <Input maxLength={1000} autoFocus />
      </Form.Item>
      <Form.Item name="for" label={w.drawer.for}>
        <Select options={Object.entries(w.drawer.hours).map(([value, label]) => ({ value, label }))} />
      </Form.Item>
      <div className="row">
        <Button type="primary" htmlType="submit" loading={busy}>
          {w.drawer.shelve}
        </Button>
        <Button onClick={cancel}>{w.drawer.cancel}</Button>
      </div>
    </Form>
  )
}
