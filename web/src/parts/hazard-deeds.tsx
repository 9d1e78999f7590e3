/** What the user may do to a hazard, each with the particulars it needs. */
import { Button, Form, Input, Select } from 'antd'
import { useState } from 'react'
import { upload } from '../api/files.ts'
import type { HazardBody, HazardDeedBody } from '../api/types.ts'
import { instantIn } from '../format/time.ts'
import { useLanguage } from '../i18n/language.ts'
import { useDeed } from '../store/deed.ts'
import { useDesk } from '../store/desk.ts'
import { carryOut, type Deed, deedsOf, mended } from '../store/hazards.ts'
import { useMay } from '../store/may.ts'
import { notify } from '../store/notices.ts'
import { Buttons } from './alarm-forms.tsx'
import { ProblemText } from './states.tsx'

type Field = 'text' | 'words' | 'reason' | 'to' | 'deadline' | 'level' | 'order' | 'evidence'

/** `?` marks what may be left out. */
const FIELDS: Readonly<Record<Deed, readonly (Field | `${Field}?`)[]>> = {
  assign: ['to', 'deadline?'],
  rectify: ['text', 'evidence?'],
  verify: [],
  reject: ['reason'],
  close: [],
  supervise: ['level', 'order', 'deadline?'],
  lift: [],
  extend: ['deadline', 'reason'],
  reopen: ['reason', 'deadline?'],
  comment: ['words'],
}

interface Props {
  readonly hazard: HazardBody
  readonly zone: string
  done(): void
}

export function HazardDeeds({ hazard, zone, done }: Props) {
  const { w } = useLanguage()
  const who = useDesk((d) => (d.session.state === 'in' ? d.session.who : undefined))
  const supervisor = useMay('supervisor')
  const operator = useMay('operator')
  const [open, setOpen] = useState<Deed>()
  const [files, setFiles] = useState<readonly File[]>([])
  const { busy, problem, run, forget } = useDeed()
  const send = async (deed: Deed, given: Given) => {
    const taken = await run(async () => {
      const kept = await Promise.all(deed === 'rectify' ? files.map(upload) : [])
      await carryOut(hazard.hazard, { deed, ...bodyOf(deed, given, zone), ...evidenceOf(kept) })
    })
    if (!taken) return
    notify({ tone: 'done', title: w.hazards.done })
    setOpen(undefined)
    done()
  }
  const choose = (deed: Deed) => {
    forget()
    setFiles([])
    if (FIELDS[deed].length === 0) return void send(deed, {})
    setOpen(open === deed ? undefined : deed)
  }
  if (!operator || !who) return <p className="quiet small drawer-section">{w.hazards.operatorOnly}</p>
  return (
    <section className="drawer-section" aria-label={w.alarms.actions}>
      <div className="row wrap">
        {deedsOf(hazard, who).map((deed, n) => (
          <Button
            key={deed}
            type={n === 0 && deed !== 'comment' ? 'primary' : 'default'}
            aria-expanded={open === deed}
            disabled={busy}
            onClick={() => choose(deed)}
          >
            {w.hazards.deeds[deed]}
            {FIELDS[deed].length > 0 && '…'}
          </Button>
        ))}
      </div>
      {!supervisor && <p className="quiet small">{w.hazards.supervisorOnly}</p>}
      {supervisor && hazard.state === 'rectified' && mended(hazard, who.user) && (
        <p className="quiet small">{w.hazards.samePerson}</p>
      )}
      {problem && (
        <p className="inline-note drawer-form" data-tone="error" role="alert">
          <ProblemText problem={problem} />
        </p>
      )}
      {open && (
        <DeedForm
          key={open}
          deed={open}
          zone={zone}
          busy={busy}
          files={setFiles}
          send={(given) => void send(open, given)}
          cancel={() => setOpen(undefined)}
        />
      )}
    </section>
  )
}

type Given = Partial<Record<Exclude<Field, 'evidence'>, string>>

const evidenceOf = (kept: readonly { readonly sha256: string }[]): Pick<HazardDeedBody, 'evidence'> =>
  kept.length === 0 ? {} : { evidence: kept.map(({ sha256 }) => sha256) }

/** Times are the site's own; a supervision's end is called `until`. */
function bodyOf(deed: Deed, { words, deadline, level, ...rest }: Given, zone: string): HazardDeedBody {
  const at = deadline ? instantIn(zone, deadline) : undefined
  return {
    ...rest,
    ...(words !== undefined && { text: words }),
    ...(level !== undefined && { level: level as NonNullable<HazardDeedBody['level']> }),
    ...(at !== undefined && (deed === 'supervise' ? { until: at } : { deadline: at })),
  }
}

interface FormProps {
  readonly deed: Deed
  readonly zone: string
  readonly busy: boolean
  files(files: readonly File[]): void
  send(given: Given): void
  cancel(): void
}

function DeedForm({ deed, zone, busy, files, send, cancel }: FormProps) {
  const { w } = useLanguage()
  return (
    <Form<Given> name={deed} className="drawer-form" layout="vertical" requiredMark={false} onFinish={send}>
      {FIELDS[deed].map((entry) => {
        const name = entry.replace('?', '') as Field
        const rules = entry.endsWith('?') ? [] : [{ required: true, whitespace: true, message: w.hazards.choose }]
        if (name === 'evidence')
          return (
            <Form.Item key={name} label={w.hazards.fields.evidence} htmlFor="hazard-files" extra={w.acts.fileHint}>
              <input
                id="hazard-files"
                type="file"
                multiple
                className="file"
                onChange={(event) => files([...(event.target.files ?? [])])}
              />
            </Form.Item>
          )
        return (
          <Form.Item
            key={name}
            name={name}
            label={w.hazards.fields[name]}
            rules={rules}
            {...(name === 'deadline' && { extra: w.hazards.times(zone) })}
          >
            {control(name, w.hazards.levels)}
          </Form.Item>
        )
      })}
      <Buttons busy={busy} word={w.hazards.deeds[deed]} cancel={cancel} />
    </Form>
  )
}

function control(name: Exclude<Field, 'evidence'>, levels: Readonly<Record<string, string>>) {
  switch (name) {
    case 'deadline':
      return <Input type="datetime-local" />
    case 'level':
      return <Select options={Object.entries(levels).map(([value, label]) => ({ value, label }))} />
    case 'text':
    case 'words':
      return <Input.TextArea rows={3} maxLength={2000} />
    default:
      return <Input maxLength={2000} />
  }
}
