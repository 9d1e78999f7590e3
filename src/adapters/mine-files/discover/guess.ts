/** What a code or a name in the files is likely to mean: a proposal that a person reads before it is used. */
import type { PointKind } from '../../../model/point.ts'

/** 传感器类型: the four digits of the sensor type, or words of its name. */
const SENSORS: readonly (readonly [RegExp, PointKind])[] = [
  [/^(0001|0043)$|甲烷|瓦斯|CH4/i, 'gas.ch4'],
  [/^0004$|一氧化碳|^CO$/i, 'gas.co'],
  [/^0013$|二氧化碳|CO2/i, 'gas.co2'],
  [/^0012$|氧气|O2/i, 'gas.o2'],
  [/硫化氢|H2S/i, 'gas.h2s'],
  [/温度/, 'env.temperature'],
  [/风速/, 'env.wind'],
  [/粉尘/, 'env.dust'],
  [/^1008$|烟雾/, 'smoke'],
  [/风门/, 'door.open'],
  [/馈电/, 'feeder.energized'],
  [/^1010$|风机|局扇|开停/, 'fan.running'],
]

/** `undefined`: no kind of point that is known. The point's code says the type as well: mine, system, value type, sensor type. */
export function kindOf(sensor: string, code: string): PointKind | undefined {
  const typed = /(?:MN|KG|LJ)(\d{4})/.exec(code)?.[1] ?? ''
  return SENSORS.find(([words]) => words.test(sensor) || (typed !== '' && words.test(typed)))?.[1]
}

/** 区域类型 and name. */
export function areaKindOf(kind: string, name: string): string {
  if (/限制|采空|盲巷/.test(kind + name)) return 'restricted'
  if (/井口|地面/.test(kind + name)) return 'surface'
  if (/采煤|综采|炮采|采面/.test(name)) return 'coal-face'
  if (/掘进|综掘|炮掘|掘面/.test(name)) return 'heading-face'
  if (/维修/.test(name)) return 'maintenance-point'
  return /巷/.test(name) ? 'roadway' : 'area'
}

/** A word that an id may have, unlike the others so far. */
export function idOf(name: string, { taken, fallback }: { taken: Set<string>; fallback: string }): string {
  const plain = name.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[._-]+|[._-]+$/g, '')
  const stem = (plain || fallback).slice(0, 60)
  let id = stem
  for (let n = 2; taken.has(id); n++) id = `${stem}-${n}`
  taken.add(id)
  return id
}
