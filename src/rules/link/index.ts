/** `link`: a source of readings has lost its peer (数据中断), so that what it serves goes unwatched (无监控即违规). */
import Type from 'typebox'
import type { LinkCommand } from '../../model/command.ts'
import type { Json } from '../../model/json.ts'
import { POINT_KINDS, type PointKind } from '../../model/point.ts'
import type { Rule, Scope } from '../../model/rule.ts'
import type { Text } from '../../model/text.ts'
import { calm, loadStatement, note, type Statement, saveStatement, silence } from '../statement.ts'

interface State {
  readonly scope: Scope<Record<string, never>>
  /** By source: those that are lost, or not long back. */
  readonly said: Map<string, Statement>
}

export const link: Rule<Record<string, never>, State> = {
  name: 'link',
  title: { zh: '数据源中断', en: 'Source lost' },
  key: 'source',
  watches: Object.keys(POINT_KINDS) as PointKind[],
  matches: 'points',
  partition: 'site',
  hindsight: 'never',
  outlives: ['match', 'numbers'],
  defaults: { raiseAfter: 60_000, clearAfter: 0, severity: 'major' },
  params: Type.Object(
    {},
    {
      description:
        'None. The service itself says when a source of the site (`sources:`, or the embedded broker) is lost, when it is back, and when it was taken out of the configuration, which ends its alarm.',
    },
  ),

  begin: (scope) => ({ scope, said: new Map() }),

  link({ scope, said }, command, out) {
    const { source, state, ts: at } = command
    const active = state === 'down'
    const statement = said.get(source) ?? silence()
    if (note(statement, { active, at, clearAfter: scope.instance.clearAfter })) {
      out.condition({ key: source, truth: active ? 'active' : 'inactive', at, text: textOf(command), evidence: [] })
    }
    if (calm(statement)) said.delete(source)
    else said.set(source, statement)
  },

  save: ({ said }) => [...said].map(([source, statement]) => [source, saveStatement(statement)]) as Json,

  load: (saved, scope) => ({
    scope,
    said: new Map((saved as [string, Json][]).map(([source, statement]) => [source, loadStatement(statement)])),
  }),
}

function textOf({ source, state, reason }: LinkCommand): Text {
  switch (state) {
    case 'down':
      return {
        zh: `数据源 ${source} 中断，其测点无监控${reason === undefined ? '' : `（${reason}）`}`,
        en: `source ${source} is lost, its points go unwatched${reason === undefined ? '' : `: ${reason}`}`,
      }
    case 'up':
      return { zh: `数据源 ${source} 已恢复`, en: `source ${source} is back` }
    case 'removed':
      return {
        zh: `数据源 ${source} 已从配置中移除，不再等待其恢复`,
        en: `source ${source} was taken out of the configuration; nobody waits for it any more`,
      }
  }
}
