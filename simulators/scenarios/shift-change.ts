/** `shift-change`: two crews overlap underground, and no face ever holds more than it may. */
import { type Duration, HOUR, MINUTE, SECOND } from '../../src/model/time.ts'
import { waitingPost } from '../behaviours/crew.ts'
import type { Post } from '../estate.ts'
import type { Scenario } from '../scenario.ts'
import type { World } from '../world.ts'

const FACES = [
  { area: 'face-101', readers: '/r-101-' },
  { area: 'head-202', readers: '/r-202-' },
]
/** Between two people at the gate, and between two who leave the face. */
const APART: Duration = 12 * SECOND
const LEAVING: Duration = 6 * SECOND
/** The crew that ends its shift leaves so long after the other began to come. */
const OVERLAP: Duration = 26 * MINUTE
/** How many of a crew go ahead, to take the face over from those who are there (现场交接班). */
const AHEAD = 2

export const shiftChange: Scenario = {
  name: 'shift-change',
  title: { zh: '交接班', en: 'A shift change' },
  description: {
    zh: '中班入井时早班仍在井下：班长先到工作面交接，其余人员在大巷等候前班撤出，各工作面始终不超员，无报警。',
    en: 'The middle shift comes down while the early one is still underground: foremen take over at the face, the others wait until it is empty. Every limit holds; no alarm.',
  },
  sites: ['baoyuan'],
  start: '2026-05-12T13:20:00+08:00',
  duration: () => 80 * MINUTE,
  expects: [],
  play(world) {
    const { crew } = world.place('baoyuan')
    const leaving = crew.shift(crew.onDuty)
    crew.onDuty += 1
    const coming = crew.shift(crew.onDuty)
    const faceOf = ({ at }: Post) => FACES.find(({ readers }) => at[0]?.includes(readers))
    const ahead = new Map<string, number>()
    const waiting: { person: string; post: Post; area: string }[] = []

    for (const [i, { person, post }] of coming.entries()) {
      const area = post.manner === 'tour' ? undefined : faceOf(post)?.area
      const before = ahead.get(area ?? '') ?? 0
      ahead.set(area ?? '', before + 1)
      const waits = area !== undefined && before >= AHEAD
      if (waits) waiting.push({ person, post, area })
      world.after(i * APART, () => crew.enter(person, waits ? waitingPost(crew.layout) : post))
    }
    world.after(OVERLAP, () => {
      for (const [i, { person }] of leaving.entries()) world.after(i * LEAVING, () => crew.leave(person))
      for (const { area } of FACES) takeOver(world, { area, waiting: waiting.filter((one) => one.area === area) })
    })
  },
}

function takeOver(
  world: World,
  { area, waiting }: { area: string; waiting: readonly { person: string; post: Post }[] },
): void {
  const { crew } = world.place('baoyuan')
  world.when(
    () => crew.count(area) <= AHEAD,
    () => {
      for (const [i, { person, post }] of waiting.entries()) world.after(i * LEAVING, () => crew.send(person, post))
    },
    HOUR,
  )
}
