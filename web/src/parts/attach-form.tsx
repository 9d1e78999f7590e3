/** Chooses a file to keep with an alarm. */
import { Form } from 'antd'
import { useState } from 'react'
import { useLanguage } from '../i18n/language.ts'
import { Buttons, type FormProps } from './alarm-forms.tsx'

/** The service's own limit. */
const MOST_BYTES = 16 * 1024 * 1024

export function AttachForm({ busy, send, cancel }: FormProps<File>) {
  const { w } = useLanguage()
  const [file, setFile] = useState<File>()
  const [flaw, setFlaw] = useState('')
  const submit = () => {
    if (!file) return setFlaw(w.acts.fileMissing)
    if (file.size > MOST_BYTES) return setFlaw(w.acts.fileLarge)
    setFlaw('')
    send(file)
  }
  return (
    <Form className="drawer-form" layout="vertical" onFinish={submit}>
      <Form.Item
        label={w.acts.file}
        htmlFor="attach-file"
        extra={busy ? w.acts.sending : w.acts.fileHint}
        {...(flaw !== '' && { validateStatus: 'error', help: flaw })}
      >
        <input id="attach-file" type="file" className="file" onChange={(event) => setFile(event.target.files?.[0])} />
      </Form.Item>
      <Buttons busy={busy} word={w.acts.attach} cancel={cancel} />
    </Form>
  )
}
