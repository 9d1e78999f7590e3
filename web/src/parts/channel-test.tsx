/** Sends a test message by a channel, and shows what the peer answered. */
import { Button, Select } from 'antd'
import { useState } from 'react'
import { ask } from '../api/http.ts'
import type { ChannelBody, ChannelTestReply } from '../api/types.ts'
import { useLanguage } from '../i18n/language.ts'
import { useDeed } from '../store/deed.ts'
import { ProblemText } from './states.tsx'

/** A peer that does not answer is given up by the service itself. */
const PATIENCE = 60_000
const TONES = { sent: 'ok', failed: 'major', refused: 'critical' } as const

export function ChannelTest({ channel, changed }: { channel: ChannelBody; changed: () => void }) {
  const { w } = useLanguage()
  const [recipient, setRecipient] = useState('')
  const [reply, setReply] = useState<ChannelTestReply>()
  const { busy, problem, run } = useDeed()
  const test = async () => {
    setReply(undefined)
    await run(async () => {
      const path = `channels/${encodeURIComponent(channel.name)}/test`
      const body = recipient === '' ? {} : { recipient }
      setReply(await ask<ChannelTestReply>(path, { method: 'POST', body, timeout: PATIENCE }))
    })
    changed()
  }
  return (
    <div className="stack-tight">
      <div className="row">
        {channel.recipients.length > 0 && (
          <Select
            value={recipient}
            onChange={setRecipient}
            aria-label={w.notifications.testTo(channel.name)}
            style={{ width: 190 }}
            options={[
              { value: '', label: w.notifications.anybody },
              ...channel.recipients.map((value) => ({ value, label: value })),
            ]}
          />
        )}
        <Button loading={busy} onClick={() => void test()} aria-label={w.notifications.testOne(channel.name)}>
          {w.notifications.test}
        </Button>
      </div>
      {reply && (
        <div className="stack-tight" role="status">
          <span className="flag" data-tone={TONES[reply.outcome]}>
            {w.notifications.outcomes[reply.outcome]}
          </span>
          <span className="under reason">
            {w.notifications.answered}: <span className="mono">{reply.answer}</span>
          </span>
        </div>
      )}
      {problem && (
        <div className="stack-tight small" role="alert">
          <b>{w.notifications.testFailed}</b>
          <ProblemText problem={problem} />
        </div>
      )}
    </div>
  )
}
