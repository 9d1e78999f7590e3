/** What a command on an alarm must come with: a form each. */
import { Button, Form, Input, Segmented, Select } from 'antd'
import { useState } from 'react'
import type { CommandBody } from '../api/types.ts'
import { useLanguage } from '../i18n/language.ts'
import { useDesk } from '../store/desk.ts'
import { useMay } from '../store/may.ts'

export interface FormProps<G> {
  readonly busy: boolean
  send(given: G): void
  cancel(): void
}

export function CommentForm({ busy, send, cancel }: FormProps<CommandBody>) {
  const { w } = useLanguage()
  return (
    <Form<{ text: string }> name="comment" className="drawer-form" layout="vertical" onFinish={send}>
      <Form.Item name="text" rules={[{ required: true, whitespace: true, message: w.login.missing }]}>
        <Input.TextArea
          rows={2}
          maxLength={4000}
          placeholder={w.drawer.commentHint}
          aria-label={w.acts.comment}
          autoFocus
        />
      </Form.Item>
      <Buttons busy={busy} word={w.drawer.send} cancel={cancel} />
    </Form>
  )
}

export function AssignForm({ busy, send, cancel }: FormProps<CommandBody>) {
  const { w } = useLanguage()
  return (
    <Form<{ to: string }> name="assign" className="drawer-form" layout="vertical" onFinish={send} requiredMark={false}>
      <Form.Item name="to" label={w.acts.to} rules={[{ required: true, whitespace: true, message: w.acts.toMissing }]}>
        <Input maxLength={200} placeholder={w.acts.toHint} autoFocus />
      </Form.Item>
      <Buttons busy={busy} word={w.acts.assign} cancel={cancel} />
    </Form>
  )
}

/** For a time, or until it next returns to normal; never without a reason. */
export function ShelveForm({ busy, send, cancel, clause }: FormProps<CommandBody> & { clause: string | undefined }) {
  const { w } = useLanguage()
  const [once, setOnce] = useState(false)
  const supervisor = useMay('supervisor')
  return (
    <Form<{ reason: string; for?: string }>
      name="shelve"
      className="drawer-form"
      layout="vertical"
      initialValues={{ for: '1h' }}
      onFinish={({ reason, for: span }) => send(once ? { reason, once } : { reason, for: span ?? '1h' })}
      requiredMark={false}
    >
      <p className="quiet">{w.drawer.shelveHint}</p>
      {clause !== undefined && !supervisor && <p className="inline-note">{w.acts.statutory(clause)}</p>}
      <Reason />
      <Form.Item label={w.acts.shelf} extra={once ? w.acts.onceHint : undefined}>
        <Segmented
          value={once ? 'once' : 'timed'}
          aria-label={w.acts.shelf}
          onChange={(way) => setOnce(way === 'once')}
          options={[
            { value: 'timed', label: w.acts.timed },
            { value: 'once', label: w.acts.once },
          ]}
        />
      </Form.Item>
      {!once && (
        <Form.Item name="for" label={w.drawer.for}>
          <Select options={Object.entries(w.drawer.hours).map(([value, label]) => ({ value, label }))} />
        </Form.Item>
      )}
      <Buttons busy={busy} word={w.acts.shelve} cancel={cancel} />
    </Form>
  )
}

export function ServiceForm({ busy, send, cancel }: FormProps<CommandBody>) {
  const { w } = useLanguage()
  return (
    <Form<{ reason: string; witness: string; for: string }>
      name="service"
      className="drawer-form"
      layout="vertical"
      initialValues={{ for: '24h' }}
      onFinish={send}
      requiredMark={false}
    >
      <p className="quiet">{w.acts.serviceHint}</p>
      <Reason />
      <Witness />
      <Form.Item name="for" label={w.drawer.for}>
        <Select options={Object.entries(w.acts.days).map(([value, label]) => ({ value, label }))} />
      </Form.Item>
      <Buttons busy={busy} word={w.acts['out-of-service']} cancel={cancel} />
    </Form>
  )
}

function Reason() {
  const { w } = useLanguage()
  return (
    <Form.Item
      name="reason"
      label={w.drawer.reason}
      rules={[{ required: true, whitespace: true, message: w.drawer.reasonMissing }]}
    >
      <Input maxLength={1000} autoFocus />
    </Form.Item>
  )
}

/** Whoever stands by; never the one who does it. */
export function Witness() {
  const { w } = useLanguage()
  const user = useDesk((d) => (d.session.state === 'in' ? d.session.who.user : ''))
  return (
    <Form.Item
      name="witness"
      label={w.acts.witness}
      rules={[
        { required: true, whitespace: true, message: w.acts.witnessMissing },
        {
          validator: (_, value?: string) =>
            value?.trim() === user && user !== '' ? Promise.reject(new Error(w.acts.witnessSame)) : Promise.resolve(),
        },
      ]}
    >
      <Input maxLength={200} placeholder={w.acts.witnessHint} />
    </Form.Item>
  )
}

export function Buttons({ busy, word, cancel }: { busy: boolean; word: string; cancel: () => void }) {
  const { w } = useLanguage()
  return (
    <div className="row">
      <Button type="primary" htmlType="submit" loading={busy}>
        {word}
      </Button>
      <Button onClick={cancel}>{w.drawer.cancel}</Button>
    </div>
  )
}
