/** What the officer does to alarms: shown at once, corrected by what the service answers. */
import { ask, type Problem, pathOf } from '../api/http.ts'
import type { AlarmBody, CommandBody, CommandReply } from '../api/types.ts'
import { without } from './alarms.ts'
import { desk } from './desk.ts'
import { notify } from './notices.ts'
import { take } from './session.ts'

const path = (alarm: string, command: string): string => `alarms/${pathOf(alarm)}/${command}`

/** An alarm as the officer has it before them. */
export type Seen = Pick<AlarmBody, 'alarm' | 'episode'>

/** Acknowledged at once, so many are a flood. */
const MANY = 20

/** Acknowledges each, in the episode that was seen; failures are told once a reason. `title` heads the message of a failure, in the officer's language. */
export async function acknowledge(alarms: readonly Seen[], title: string): Promise<void> {
  const fresh = alarms.filter(({ alarm }) => !desk.get().pending.has(alarm))
  if (fresh.length === 0) return
  desk.set((d) => ({ ...d, pending: new Set([...d.pending, ...fresh.map(({ alarm }) => alarm)]) }))
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
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { alarm, episode } = next
      try {
        const { transitions } = await ask<CommandReply>(path(alarm, 'ack'), { method: 'POST', body: { episode } })
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

/** What is noted is about the alarm, whichever episode it was written in; all else is meant for what was seen. */
const NOTES: readonly CommandName[] = ['comment', 'assign', 'attach']

/** Rejects with the service's `Problem`. */
export async function command(
  { alarm, episode }: Seen,
  { command: name, ...details }: CommandBody & { readonly command: CommandName },
): Promise<void> {
  const body = NOTES.includes(name) ? details : { ...details, episode }
  take((await ask<CommandReply>(path(alarm, name), { method: 'POST', body })).transitions)
}
