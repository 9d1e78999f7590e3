/** How the trend is drawn: axes with units in the site's zone, limit lines, bands. */
import type uPlot from 'uplot'
import type { PointBody } from '../api/types.ts'
import { placeLabels } from '../format/labels.ts'
import { clockTime, shortTime } from '../format/time.ts'
import { number, withUnit } from '../format/value.ts'
import type { Lang, Words } from '../i18n/words.ts'
import type { Theme } from '../store/prefs.ts'
import type { LimitLine } from './trend.tsx'

export const LINE_COLOURS: Readonly<Record<Theme, readonly string[]>> = {
  dark: ['#5fb3f3', '#c39bf5', '#5fd0b4', '#e3a1c2'],
  light: ['#0f64ad', '#7a3fc4', '#0b7d64', '#a83a74'],
}

const HEIGHT = 300
/** Height of a limit's label, in CSS pixels. */
const LABEL = 16

interface Wanted {
  readonly points: readonly PointBody[]
  readonly limits: readonly LimitLine[]
  readonly zone: string
  readonly lang: Lang
  /** Milliseconds shown. */
  readonly span: number
  readonly now: () => number
  readonly width: number
  readonly words: Words['trend']
}

/** Reads the colours from the page as it looks now: make the chart anew when the theme changes. */
export function chartOptions(wanted: Wanted): uPlot.Options {
  const { points, limits, zone, span, now, width } = wanted
  const style = getComputedStyle(document.documentElement)
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim()
  const theme: Theme = document.documentElement.dataset.theme === 'light' ? 'light' : 'dark'
  const scales = [...new Set(points.map(scaleOf))]
  const font = `13px ${style.getPropertyValue('--font')}`
  const grid = { stroke: colour('line'), width: 1 }
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, points: { size: 7 } },
    padding: [10, 36, 0, 0],
    scales: {
      x: { time: true, range: () => [(now() - span) / 1000, now() / 1000] },
      ...Object.fromEntries(
        scales.map((scale) => [
          scale,
          { range: (_: uPlot, low: number, high: number) => around([low, high], limitsOf(scale, wanted)) },
        ]),
      ),
    },
    axes: [
      {
        stroke: colour('ink-3'),
        font,
        grid,
        ticks: grid,
        space: 90,
        values: (_, splits) =>
          splits.map((at) =>
            span > 3_600_000 ? shortTime(at * 1000, { zone, now: now() }).slice(0, -3) : clockTime(at * 1000, zone),
          ),
      },
      ...scales.slice(0, 2).map(
        (scale, index): uPlot.Axis => ({
          scale,
          side: index === 0 ? 3 : 1,
          stroke: colour('ink-3'),
          font,
          size: 66,
          ...(index === 0 ? { grid, ticks: grid } : { grid: { show: false } }),
          values: (_, splits) => splits.map((value) => withUnit(number(value), scale === 'none' ? undefined : scale)),
        }),
      ),
    ],
    series: [
      {},
      ...points.flatMap((point, index): uPlot.Series[] => {
        const stroke = LINE_COLOURS[theme][index] as string
        const edge = { scale: scaleOf(point), stroke: 'transparent', width: 0, points: { show: false } }
        // A reading between two gaps has no line to be on, and must be seen all the same.
        return [
          edge,
          edge,
          { scale: scaleOf(point), stroke, width: 2, points: { show: true, size: 5, fill: stroke, filter: lonely } },
        ]
      }),
    ],
    bands: points.map((_, index) => ({
      series: [1 + index * 3, 2 + index * 3],
      fill: `${LINE_COLOURS[theme][index]}40`,
    })),
    hooks: {
      draw: [(chart) => drawLimits(chart, { limits, points, colour, font })],
      setCursor: [(chart) => label(chart, wanted)],
    },
  }
}

/** Indices of values with a gap on both sides. */
function lonely(chart: uPlot, series: number): number[] {
  const values = chart.data[series] ?? []
  const near = (from: number, step: number): number | null | undefined => {
    let at = from + step
    // What is absent belongs to another point's instant; only null is a gap.
    while (at >= 0 && at < values.length && values[at] === undefined) at += step
    return values[at]
  }
  const found: number[] = []
  values.forEach((value, index) => {
    if (typeof value === 'number' && typeof near(index, -1) !== 'number' && typeof near(index, 1) !== 'number')
      found.push(index)
  })
  return found
}

const scaleOf = (point: PointBody): string => point.unit ?? 'none'

const limitsOf = (scale: string, { points, limits }: Wanted): readonly number[] =>
  limits
    .filter((limit) => points.some((point) => point.id === limit.point && scaleOf(point) === scale))
    .map(({ value }) => value)

/** Room for the data and the limits, from zero where the data are near it. */
function around([low, high]: readonly [number | null, number | null], limits: readonly number[]): [number, number] {
  const values = [low, high, ...limits].filter((value) => value !== null)
  if (values.length === 0) return [0, 1]
  const bottom = Math.min(...values)
  const top = Math.max(...values)
  const room = (top - bottom || Math.abs(top) || 1) * 0.12
  const floor = bottom >= 0 && bottom - room < top * 0.5 ? 0 : bottom - room
  return [floor, top + room]
}

function drawLimits(
  chart: uPlot,
  {
    limits,
    points,
    colour,
    font,
  }: Pick<Wanted, 'limits' | 'points'> & { colour: (name: string) => string; font: string },
): void {
  const { ctx, bbox } = chart
  const px = devicePixelRatio
  ctx.save()
  ctx.font = font.replace('13px', `${13 * px}px`)
  ctx.textBaseline = 'bottom'
  ctx.textAlign = 'left'
  const drawn = new Set<string>()
  const labels: { text: string; y: number; width: number; ink: string }[] = []
  for (const limit of limits) {
    const point = points.find((found) => found.id === limit.point)
    if (!point) continue
    // Points of one kind mostly share their limits: one line says it for all.
    const line = `${scaleOf(point)} ${limit.name} ${limit.value}`
    if (drawn.has(line)) continue
    drawn.add(line)
    const y = chart.valToPos(limit.value, scaleOf(point), true)
    const ink = colour(limit.severity)
    ctx.strokeStyle = ink
    ctx.lineWidth = 1.5 * px
    ctx.setLineDash([7 * px, 5 * px])
    ctx.beginPath()
    ctx.moveTo(bbox.left, y)
    ctx.lineTo(bbox.left + bbox.width, y)
    ctx.stroke()
    const text = `${limit.name} ${withUnit(number(limit.value), point.unit)}`
    labels.push({ text, y: y - 3 * px, width: ctx.measureText(text).width, ink })
  }
  // The highest first, so that of neighbours it is always the upper one that stands at the left.
  labels.sort((a, b) => a.y - b.y)
  const places = placeLabels(labels, { left: bbox.left + 6 * px, height: LABEL * px, gap: 12 * px })
  labels.forEach(({ text, width, ink }, index) => {
    const { x, y } = places[index] as { x: number; y: number }
    // A neighbour's line and the curve stay off the letters.
    ctx.fillStyle = colour('panel')
    ctx.globalAlpha = 0.8
    ctx.fillRect(x - 3 * px, y - LABEL * px, width + 6 * px, LABEL * px)
    ctx.globalAlpha = 1
    ctx.fillStyle = ink
    ctx.fillText(text, x, y)
  })
  ctx.restore()
}

/** What stood where the pointer is, as the chart's tooltip. */
function label(chart: uPlot, { points, zone, words }: Wanted): void {
  const { idx } = chart.cursor
  const over = chart.over as HTMLElement
  let box = over.querySelector<HTMLElement>('.trend-tip')
  if (!box) {
    box = document.createElement('div')
    box.className = 'trend-tip'
    over.append(box)
  }
  const at = idx === null || idx === undefined ? undefined : chart.data[0][idx]
  box.hidden = at === undefined
  if (at === undefined || idx === null || idx === undefined) return
  const lines = points.map((point, index) => {
    const [high, low, last] = [1, 2, 3].map((column) => chart.data[index * 3 + column]?.[idx])
    if (typeof last !== 'number') return `${point.id}: ${words.none}`
    const text = withUnit(number(last, point.kind), point.unit)
    const spread = typeof low === 'number' && typeof high === 'number' && low < high
    return `${point.id}: ${text}${spread ? ` (${number(low, point.kind)} – ${number(high, point.kind)})` : ''}`
  })
  box.textContent = [clockTime(at * 1000, zone), ...lines].join('\n')
  const left = chart.cursor.left ?? 0
  box.style.left = `${left > over.clientWidth / 2 ? left - box.offsetWidth - 14 : left + 14}px`
  box.style.top = '8px'
}
