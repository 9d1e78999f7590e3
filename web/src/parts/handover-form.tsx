/** Hands a desk over, with what stands at that moment. */
import { Button, Form, Input, Select } from 'antd'
import { useMemo } from 'react'
import { ask } from '../api/http.ts'
import { SEVERITIES } from '../api/types.ts'
import { useLanguage } from '../i18n/language.ts'
import { useDeed } from '../store/deed.ts'
import { useDesk } from '../store/desk.ts'
import type { NamedDesk } from '../store/desks.ts'
import { notify } from '../store/notices.ts'
import { SeverityShape } from './severity.tsx'
import { ProblemText } from './states.tsx'

interface Given {
  readonly desk: string
  readonly outgoing: string
  readonly incoming: string
  readonly text?: string
}

export function HandoverForm({ desks, done }: { desks: readonly NamedDesk[]; done: () => void }) {
  const { w } = useLanguage()
  const user = useDesk((d) => (d.session.state === 'in' ? d.session.who.user : ''))
  const [form] = Form.useForm<Given>()
  const { busy, problem, run } = useDeed()
  const send = async ({ text = '', ...given }: Given) => {
    if (!(await run(() => ask('handovers', { method: 'POST', body: { ...given, text } })))) return
    notify({ tone: 'done', title: w.shiftLog.sent })
    form.resetFields(['incoming', 'text'])
    done()
  }
  const named = { required: true, whitespace: true, message: w.shiftLog.missing }
  return (
    <section className="panel" aria-label={w.shiftLog.write}>
      <header>
        <h2>{w.shiftLog.write}</h2>
      </header>
      <Form<Given>
        form={form}
        name="handover"
        className="panel-form"
        layout="vertical"
        requiredMark={false}
        initialValues={{ outgoing: user }}
        onFinish={(given) => void send(given)}
      >
        <Form.Item
          name="desk"
          label={w.shiftLog.desk}
          rules={[{ required: true, whitespace: true, message: w.shiftLog.deskMissing }]}
        >
          <Select
            options={desks.map(({ id, name }) => ({ value: id, label: name }))}
            placeholder={w.shiftLog.deskHint}
            showSearch={{ optionFilterProp: 'label' }}
          />
        </Form.Item>
        <div className="pair">
          <Form.Item name="outgoing" label={w.shiftLog.outgoing} rules={[named]}>
            <Input maxLength={200} />
          </Form.Item>
          <Form.Item
            name="incoming"
            label={w.shiftLog.incoming}
            dependencies={['outgoing']}
            rules={[
              named,
              ({ getFieldValue }) => ({
                validator: (_, value?: string) =>
                  value !== undefined && value.trim() !== '' && value === getFieldValue('outgoing')
                    ? Promise.reject(new Error(w.shiftLog.same))
                    : Promise.resolve(),
              }),
            ]}
          >
            <Input maxLength={200} />
          </Form.Item>
        </div>
        <Form.Item name="text" label={w.shiftLog.text}>
          <Input.TextArea rows={3} maxLength={2000} />
        </Form.Item>
        <StandingNow />
        {problem && (
          <p className="inline-note" data-tone="error" role="alert">
            <ProblemText problem={problem} />
          </p>
        )}
        <Button type="primary" htmlType="submit" loading={busy}>
          {w.shiftLog.send}
        </Button>
      </Form>
    </section>
  )
}

/** What the entry will hold; the service itself takes it from its own state. */
function StandingNow() {
  const { w } = useLanguage()
  const alarms = useDesk((d) => d.alarms.value)
  const counts = useMemo(() => {
    const all = [...(alarms?.values() ?? [])]
    return SEVERITIES.map((severity) => ({
      severity,
      count: all.filter((alarm) => alarm.severity === severity).length,
    })).filter(({ count }) => count > 0)
  }, [alarms])
  if (!alarms) return null
  return (
    <div className="row wrap standing-now">
      <span>{alarms.size === 0 ? w.shiftLog.noneStanding : w.shiftLog.standingNow(alarms.size)}</span>
      {counts.map(({ severity, count }) => (
        <span key={severity} className="row tight">
          <SeverityShape severity={severity} size={15} />
          {w.severity[severity]} {count}
        </span>
      ))}
    </div>
  )
}
