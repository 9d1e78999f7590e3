/** Names of kinds, areas, points and quantities, as alarms word them. */
import type { Point, PointKind } from '../model/point.ts'
import type { Area } from '../model/site.ts'
import { type Text, textOf } from '../model/text.ts'

const KINDS: Readonly<Record<PointKind, Text>> = {
  'gas.ch4': { zh: '甲烷', en: 'CH4' },
  'gas.co': { zh: '一氧化碳', en: 'CO' },
  'gas.o2': { zh: '氧气', en: 'O2' },
  'gas.co2': { zh: '二氧化碳', en: 'CO2' },
  'gas.h2s': { zh: '硫化氢', en: 'H2S' },
  'gas.lel': { zh: '可燃气体', en: 'combustible gas' },
  'env.temperature': { zh: '温度', en: 'temperature' },
  'env.wind': { zh: '风速', en: 'air speed' },
  'env.dust': { zh: '粉尘', en: 'dust' },
  'tank.level': { zh: '液位', en: 'tank level' },
  'tank.pressure': { zh: '罐压', en: 'tank pressure' },
  'tank.temperature': { zh: '罐温', en: 'tank temperature' },
  'power.active': { zh: '有功功率', en: 'active power' },
  'power.energy': { zh: '电量', en: 'energy' },
  'power.current': { zh: '电流', en: 'current' },
  'weld.current': { zh: '焊接电流', en: 'welding current' },
  'belt.rate': { zh: '皮带运量', en: 'belt rate' },
  'count.people': { zh: '人数', en: 'head count' },
  'count.lamps': { zh: '矿灯数', en: 'lamp count' },
  'feeder.energized': { zh: '馈电状态', en: 'feeder' },
  'fan.running': { zh: '风机', en: 'fan' },
  'door.open': { zh: '风门', en: 'air door' },
  smoke: { zh: '烟雾', en: 'smoke' },
  'card.reader': { zh: '读卡分站', en: 'card reader' },
  gate: { zh: '出入口', en: 'gate' },
  'weld.session': { zh: '焊机作业', en: 'welding session' },
  'device.state': { zh: '设备', en: 'device' },
}

/** What a point measures: `CH4`; a `device.state` is named by its device where one is declared. */
export function kindName(point: Point): Text {
  if (point.kind === 'device.state' && point.attributes.device === 'camera') return { zh: '摄像机', en: 'camera' }
  return KINDS[point.kind]
}

/** Area, place and kind of a point, or its declared name, and in any case its id: `Face 101 T1 CH4 (face-101/ch4-t1)`. */
export function pointName(point: Point): Text {
  const declared = point.attributes.name as string | Partial<Text> | undefined
  const place = point.attributes.place
  const kind = declared ? textOf(declared, point.id) : kindName(point)
  const words = (language: 'zh' | 'en') =>
    [point.area?.name[language], typeof place === 'string' ? place : undefined, kind[language]]
      .filter(Boolean)
      .join(' ')
  return { zh: `${words('zh')}（${point.id}）`, en: `${words('en')} (${point.id})` }
}

/** An area under its name, with its id where the name does not say it. */
export function areaName(area: Area): Text {
  const named = (name: string, text: string) => (name === area.id ? name : text)
  return {
    zh: named(area.name.zh, `${area.name.zh}（${area.id}）`),
    en: named(area.name.en, `${area.name.en} (${area.id})`),
  }
}

/** A number as people write it, with its unit: `1.2 %`. */
export function quantity(value: number, unit?: string): string {
  const number = String(Number(value.toPrecision(7)))
  return unit ? `${number} ${unit}` : number
}
