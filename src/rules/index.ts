/** Every rule, one line each; the key is the configuration's word. */
import type { Rule } from '../model/rule.ts'
import { cardConflict } from './card-conflict/index.ts'
import { cardConvoy } from './card-convoy/index.ts'
import { cardLeft } from './card-left/index.ts'
import { cardMissing } from './card-missing/index.ts'
import { cutFailed } from './cut-failed/index.ts'
import { headCount } from './head-count/index.ts'
import { idlePower } from './idle-power/index.ts'
import { limit } from './limit/index.ts'
import { link } from './link/index.ts'
import { notEvacuated } from './not-evacuated/index.ts'
import { overCrew } from './over-crew/index.ts'
import { overstay } from './overstay/index.ts'
import { restricted } from './restricted/index.ts'
import { rise } from './rise/index.ts'
import { silent } from './silent/index.ts'
import { sos } from './sos/index.ts'
import { suspect } from './suspect/index.ts'
import { unmonitored } from './unmonitored/index.ts'
import { weldOffPlatform } from './weld-off-platform/index.ts'
import { weldPermit } from './weld-permit/index.ts'
import { weldUncertified } from './weld-uncertified/index.ts'

export const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['over-crew', overCrew],
  ['card-missing', cardMissing],
  ['card-left', cardLeft],
  ['limit', limit],
  ['rise', rise],
  ['cut-failed', cutFailed],
  ['idle-power', idlePower],
  ['silent', silent],
  ['link', link],
  ['suspect', suspect],
  ['unmonitored', unmonitored],
  ['weld-off-platform', weldOffPlatform],
  ['restricted', restricted],
  ['sos', sos],
  ['weld-uncertified', weldUncertified],
  ['overstay', overstay],
  ['card-conflict', cardConflict],
  ['weld-permit', weldPermit],
  ['head-count', headCount],
  ['not-evacuated', notEvacuated],
  ['card-convoy', cardConvoy],
])
