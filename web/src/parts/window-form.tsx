/** Declares a witnessed window of work from now on. */
import { Button, Form, Input, Segmented, Select } from 'antd'
import { useState } from 'react'
import type { PointList, WindowBody } from '../api/types.ts'
import { useLanguage } from '../i18n/language.ts'
import { useNow } from '../store/clock.ts'
import { useDeed } from '../store/deed.ts'
import { useDesk } from '../store/desk.ts'
import { useFetched } from '../store/fetched.ts'
import { notify } from '../store/notices.ts'
import { declare } from '../store/windows.ts'
import { Witness } from './alarm-forms.tsx'
import { ProblemText } from './states.tsx'

interface Given {
  readonly command: WindowBody['command']
  readonly site: string
  readonly area?: string
  readonly points?: string[]
  readonly hours: string
  readonly witness: string
  readonly reason?: string
}

const HOUR = 3_600_000

/** `done`: a window was declared. */
export function WindowForm({ done }: { done: () => void }) {
  const { w, text } = useLanguage()
  const now = useNow()
  const [form] = Form.useForm<Given>()
  const [place, setPlace] = useState<'area' | 'points'>('area')
  const id = Form.useWatch('site', form)
  const sites = useDesk((d) => d.sites.value) ?? []
  const site = sites.find((found) => found.site === id)
  const points = useFetched<PointList>(
    place === 'points' && site ? `sites/${encodeURIComponent(site.site)}/points` : undefined,
  )
  const { busy, problem, run } = useDeed()
  const send = async ({ hours, area, points: chosen, reason, ...given }: Given) => {
    const window: WindowBody & { readonly site: string } = {
      ...given,
      // Names it for good: two windows of one place do not replace each other.
      window: `${place === 'area' ? area : chosen?.[0]}-${new Date(now).toISOString()}`.slice(-200),
      ...(place === 'area' ? area !== undefined && { area } : chosen && { points: chosen }),
      until: new Date(now + Number(hours) * HOUR).toISOString(),
      ...(reason?.trim() && { reason }),
    }
    if (!(await run(() => declare(window)))) return
    notify({ tone: 'done', title: w.windows.declared })
    form.resetFields(['area', 'points', 'witness', 'reason'])
    done()
  }
  return (
    <Form<Given>
      form={form}
      name="window"
      className="panel-form"
      layout="vertical"
      requiredMark={false}
      initialValues={{ command: 'calibrate', hours: '1' }}
      onFinish={(given) => void send(given)}
    >
      <div className="pair">
        <Form.Item name="command" label={w.windows.kind}>
          <Select
            options={(['calibrate', 'power-cut-test'] as const).map((value) => ({
              value,
              label: w.windows.kinds[value],
            }))}
          />
        </Form.Item>
        <Form.Item name="site" label={w.windows.site} rules={[{ required: true, message: w.windows.siteMissing }]}>
          <Select
            options={sites.map((each) => ({ value: each.site, label: text(each.name) }))}
            onChange={() => form.resetFields(['area', 'points'])}
          />
        </Form.Item>
      </div>
      <Form.Item label={w.windows.place}>
        <Segmented
          value={place}
          aria-label={w.windows.place}
          onChange={setPlace}
          options={[
            { value: 'area', label: w.windows.area },
            { value: 'points', label: w.windows.points },
          ]}
        />
      </Form.Item>
      {place === 'area' ? (
        <Form.Item name="area" label={w.site.area} rules={[{ required: true, message: w.windows.placeMissing }]}>
          <Select
            showSearch={{ optionFilterProp: 'label' }}
            options={site?.areas.map((area) => ({ value: area.id, label: text(area.name) })) ?? []}
          />
        </Form.Item>
      ) : (
        <Form.Item name="points" label={w.site.points} rules={[{ required: true, message: w.windows.placeMissing }]}>
          <Select
            mode="multiple"
            loading={site !== undefined && points.value === undefined && points.problem === undefined}
            options={points.value?.points.map((point) => ({ value: point.id, label: point.id })) ?? []}
          />
        </Form.Item>
      )}
      <div className="pair">
        <Form.Item name="hours" label={w.windows.for}>
          <Select options={Object.entries(w.windows.hours).map(([value, label]) => ({ value, label }))} />
        </Form.Item>
        <Witness />
      </div>
      <Form.Item name="reason" label={w.windows.reason}>
        <Input maxLength={1000} />
      </Form.Item>
      {(problem ?? points.problem) && (
        <p className="inline-note" data-tone="error" role="alert">
          <ProblemText problem={(problem ?? points.problem)!} />
        </p>
      )}
      <Button type="primary" htmlType="submit" loading={busy}>
        {w.windows.declare}
      </Button>
    </Form>
  )
}
