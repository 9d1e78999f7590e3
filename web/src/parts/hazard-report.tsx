/** Reports what an inspection or the public found. */
import { Form, Input, Select } from 'antd'
import { ask } from '../api/http.ts'
import type { HazardBody, NewHazard } from '../api/types.ts'
import { instantIn } from '../format/time.ts'
import { useLanguage } from '../i18n/language.ts'
import { useDeed } from '../store/deed.ts'
import { useDesk } from '../store/desk.ts'
import { notify } from '../store/notices.ts'
import { Buttons } from './alarm-forms.tsx'
import { ProblemText } from './states.tsx'

type Given = Omit<NewHazard, 'text' | 'deadline'> & { readonly text: string; readonly deadline?: string }

export function HazardReport({ close, done }: { close: () => void; done: () => void }) {
  const { w, text } = useLanguage()
  const [form] = Form.useForm<Given>()
  const { busy, problem, run } = useDeed()
  const sites = useDesk((d) => d.sites.value) ?? []
  const id = Form.useWatch('site', form)
  const site = sites.find((found) => found.site === id)
  const zone = site?.timezone ?? 'UTC'
  const send = async (given: Given) => {
    const deadline = given.deadline ? instantIn(zone, given.deadline) : undefined
    const filled = Object.entries(given).filter(([name, value]) => name !== 'deadline' && value)
    const body = { ...Object.fromEntries(filled), ...(deadline !== undefined && { deadline }) }
    if (!(await run(() => ask<HazardBody>('hazards', { method: 'POST', body })))) return
    notify({ tone: 'done', title: w.hazards.reported })
    close()
    done()
  }
  const required = { required: true, message: w.hazards.choose }
  return (
    <section className="panel" aria-label={w.hazards.report}>
      <header>
        <h2>{w.hazards.report}</h2>
      </header>
      <Form<Given>
        form={form}
        name="hazard"
        className="panel-form"
        layout="vertical"
        requiredMark={false}
        initialValues={{ source: 'inspection', grade: 'general', ...(sites.length === 1 && { site: sites[0]!.site }) }}
        onFinish={(given) => void send(given)}
      >
        <div className="triple">
          <Form.Item name="site" label={w.hazards.site} rules={[required]}>
            <Select
              options={sites.map((each) => ({ value: each.site, label: text(each.name) }))}
              onChange={() => form.resetFields(['area'])}
            />
          </Form.Item>
          <Form.Item name="area" label={w.hazards.area}>
            <Select
              allowClear
              options={site?.areas.map((area) => ({ value: area.id, label: text(area.name) })) ?? []}
            />
          </Form.Item>
          <Form.Item name="grade" label={w.hazards.grade}>
            <Select
              options={(['general', 'major'] as const).map((value) => ({ value, label: w.hazards.grades[value] }))}
            />
          </Form.Item>
          <Form.Item name="source" label={w.hazards.source}>
            <Select
              options={(['inspection', 'report'] as const).map((value) => ({
                value,
                label: w.hazards.sources[value],
              }))}
            />
          </Form.Item>
          <Form.Item name="owner" label={w.hazards.owner}>
            <Input maxLength={200} />
          </Form.Item>
          <Form.Item name="deadline" label={w.hazards.deadline} {...(site && { extra: w.hazards.times(zone) })}>
            <Input type="datetime-local" />
          </Form.Item>
        </div>
        <Form.Item name="text" label={w.hazards.text} rules={[{ ...required, whitespace: true }]}>
          <Input.TextArea rows={2} maxLength={2000} />
        </Form.Item>
        <Form.Item name="clause" label={w.hazards.clause}>
          <Input maxLength={200} />
        </Form.Item>
        {problem && (
          <p className="inline-note" data-tone="error" role="alert">
            <ProblemText problem={problem} />
          </p>
        )}
        <Buttons busy={busy} word={w.hazards.report} cancel={close} />
      </Form>
    </section>
  )
}
