/** Every scenario, one line each: `davy simulate` lists them, the demo and the tests play them. */
import type { Scenario } from './scenario.ts'
import { nineteenthMan } from './scenarios/19th-man.ts'
import { twentySixthMan } from './scenarios/26th-man.ts'
import { cableCut } from './scenarios/cable-cut.ts'
import { calm } from './scenarios/calm.ts'
import { cameraLost } from './scenarios/camera-lost.ts'
import { cardLeft } from './scenarios/card-left.ts'
import { clockAstray } from './scenarios/clock-astray.ts'
import { earlyShiftBegins } from './scenarios/early-shift-begins.ts'
import { gasRising } from './scenarios/gas-rising.ts'
import { linkOutage } from './scenarios/link-outage.ts'
import { noCard } from './scenarios/no-card.ts'
import { shiftChange } from './scenarios/shift-change.ts'
import { tankFilling } from './scenarios/tank-filling.ts'
import { welderWithoutSession } from './scenarios/welder-without-session.ts'

const all: readonly Scenario[] = [
  calm,
  shiftChange,
  earlyShiftBegins,
  twentySixthMan,
  nineteenthMan,
  cardLeft,
  noCard,
  gasRising,
  cameraLost,
  cableCut,
  tankFilling,
  welderWithoutSession,
  clockAstray,
  linkOutage,
]

export const SCENARIOS: ReadonlyMap<string, Scenario> = new Map(all.map((scenario) => [scenario.name, scenario]))
