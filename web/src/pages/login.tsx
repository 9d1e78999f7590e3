/** Signing in. */
import { Button, Form, Input } from 'antd'
import { useState } from 'react'
import type { Problem } from '../api/http.ts'
import { useLanguage } from '../i18n/language.ts'
import { ProblemText } from '../parts/states.tsx'
import { prefer } from '../store/prefs.ts'
import { signIn } from '../store/session.ts'

interface Fields {
  readonly user: string
  readonly password: string
}

export default function Login({ expired }: { expired: boolean }) {
  const { lang, w } = useLanguage()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  const submit = async ({ user, password }: Fields) => {
    setBusy(true)
    setProblem(undefined)
    try {
      await signIn(user, password)
    } catch (error) {
      setProblem(error as Problem)
      setBusy(false)
    }
  }
  const required = [{ required: true, message: w.login.missing }]
  return (
    <main className="login">
      <section className="panel" aria-labelledby="sign-in">
        <div className="brand">
          <img src="/lamp.svg" alt="" />
          {w.product} <small>{w.desk}</small>
        </div>
        <h1 id="sign-in" className="sr">
          {w.login.title}
        </h1>
        {expired && !problem && (
          <p className="inline-note" data-tone="warn" role="status">
            {w.login.expired}
          </p>
        )}
        {problem && (
          <p className="inline-note" data-tone="error" role="alert">
            <ProblemText problem={problem} />
          </p>
        )}
        <Form<Fields> layout="vertical" requiredMark={false} onFinish={submit} initialValues={{ user: 'admin' }}>
          <Form.Item name="user" label={w.login.user} rules={required}>
            <Input size="large" autoComplete="username" />
          </Form.Item>
          <Form.Item name="password" label={w.login.password} rules={required}>
            <Input.Password size="large" autoComplete="current-password" autoFocus />
          </Form.Item>
          <Button type="primary" htmlType="submit" size="large" block loading={busy}>
            {w.login.submit}
          </Button>
        </Form>
        <div className="login-foot">
          <p className="dim small grow">{w.login.hint}</p>
          <Button type="text" onClick={() => prefer({ lang: lang === 'zh' ? 'en' : 'zh' })}>
            {lang === 'zh' ? 'English' : '中文'}
          </Button>
        </div>
      </section>
    </main>
  )
}
