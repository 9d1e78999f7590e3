/** How the alarms of `unmonitored` are worded: what goes on, and what is missing. */
import type { EntryRef } from '../../model/entry.ts'
import type { Text } from '../../model/text.ts'
import { refOf } from '../evidence.ts'
import { areaName, kindName } from '../names.ts'
import type { Device, Spot, State } from './state.ts'

export function wording(state: State, spot: Spot): Text {
  const area = areaName(spot.area)
  const activity = activityOf(state, spot)
  const missing = devicesOf(state, spot).map(describe)
  if (missing.length === 0) {
    return { zh: `${area.zh} 监控已恢复`, en: `${area.en}: monitoring is complete again` }
  }
  const lacks = { zh: missing.map(({ zh }) => zh).join('、'), en: missing.map(({ en }) => en).join(', ') }
  if (!activity) {
    return { zh: `${area.zh} 已无作业；${lacks.zh}`, en: `${area.en}: no work goes on any more; ${lacks.en}` }
  }
  return { zh: `${area.zh} ${activity.zh}，但${lacks.zh}`, en: `${area.en}: ${activity.en}, but ${lacks.en}` }
}

function activityOf(state: State, { people, signals }: Spot): Text | undefined {
  const zh: string[] = []
  const en: string[] = []
  if (people.size > 0) {
    zh.push(`有 ${people.size} 人`)
    en.push(people.size === 1 ? '1 person present' : `${people.size} persons present`)
  }
  for (const { point } of state.signals.filter((s) => signals.has(s.point.id))) {
    const welding = point.kind === 'weld.current'
    zh.push(`${point.id} ${welding ? '正在焊接' : '正在运行'}`)
    en.push(`${point.id} ${welding ? 'welding' : 'running'}`)
  }
  return zh.length > 0 ? { zh: zh.join('、'), en: en.join(', ') } : undefined
}

function devicesOf(state: State, { missing }: Spot): readonly Device[] {
  return state.devices.filter(({ point }) => missing.has(point.id))
}

const STATES: Readonly<Record<string, Text>> = {
  online: { zh: '状态不可信', en: 'of doubtful state' },
  offline: { zh: '离线', en: 'offline' },
  occluded: { zh: '被遮挡', en: 'occluded' },
  frozen: { zh: '画面冻结', en: 'frozen' },
  moved: { zh: '被移动', en: 'moved' },
}

function describe({ type, point, last }: Device): Text {
  const kind = kindName(point)
  const unknown = { zh: '状态未知', en: 'of unknown state' }
  const how = type === 'gas' ? { zh: '无有效数据', en: 'silent' } : (STATES[String(last?.value)] ?? unknown)
  return { zh: `${kind.zh} ${point.id} ${how.zh}`, en: `${kind.en} ${point.id} ${how.en}` }
}

/** Persons shown as evidence of work. */
const SHOWN = 5

export function evidenceOf(state: State, spot: Spot): readonly EntryRef[] {
  const devices = devicesOf(state, spot).map(({ last }) => last)
  const signals = state.signals.filter((s) => spot.signals.has(s.point.id)).map(({ last }) => last)
  const people = [...spot.people]
    .sort()
    .slice(0, SHOWN)
    .map((id) => state.scope.crew.member(id)?.evidence)
  return [...devices, ...signals, ...people].filter((found) => found !== undefined).map(refOf)
}
