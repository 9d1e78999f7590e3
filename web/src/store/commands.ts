/** What the officer does to alarms: shown at once, corrected by what the service answers. */
import { ask, type Problem, pathOf } from '../api/http.ts'
import type { CommandBody, CommandReply } from '../api/types.ts'
import { without } from './alarms.ts'
import { desk } from './desk.ts'
import { notify } from './notices.ts'
import { take } from './session.ts'

const path = (alarm: string, command: string): string => `alarms/${pathOf(alarm)}/${command}`

/** Acknowledged at once, so many are a flood. */
const MANY = 20

/** Acknowledges each; failures are told once a reason. `title` heads the message of a failure, in the officer's language. */
export async function acknowledge(alarms: readonly string[], title: string): Promise<void> {
  const fresh = alarms.filter((alarm) => !desk.get().pending.has(alarm))
  if (fresh.length === 0) return
  desk.set((d) => ({ ...d, pending: new Set([...d.pending, ...fresh]) }))
  const queue = [...fresh]
  let answers: { readonly alarm: string; readonly transitions: CommandReply['transitions'] }[] = []
  // Of hundreds, a few times a second: each drawing of so long a list takes its time.
  const settle = () => {
    const batch = answers
    answers = []
    take(batch.flatMap(({ transitions }) => transitions))
    desk.set((d) => ({
      ...d,
      pending: without(
        d.pending,
        batch.map(({ alarm }) => alarm),
      ),
    }))
  }
  const answered = (answer: (typeof answers)[number]) => {
    if (answers.push(answer) === 1) setTimeout(settle, fresh.length > MANY ? 200 : 0)
  }
  const worker = async () => {
    for (let alarm = queue.shift(); alarm !== undefined; alarm = queue.shift()) {
      try {
        const { transitions } = await ask<CommandReply>(path(alarm, 'ack'), { method: 'POST', body: {} })
        answered({ alarm, transitions })
      } catch (error) {
        notify({ tone: 'error', title, problem: error as Problem })
        answered({ alarm, transitions: [] })
      }
    }
  }
  await Promise.all([worker(), worker(), worker(), worker()])
}

/** Whatever is done to one alarm at a time; acknowledging has its own way. */
export type CommandName =
  | 'confirm'
  | 'reset'
  | 'shelve'
  | 'unshelve'
  | 'out-of-service'
  | 'in-service'
  | 'comment'
  | 'assign'
  | 'attach'

/** Rejects with the service's `Problem`. */
export async function command(
  alarm: string,
  { command: name, ...details }: CommandBody & { readonly command: CommandName },
): Promise<void> {
  take((await ask<CommandReply>(path(alarm, name), { method: 'POST', body: details })).transitions)
}
