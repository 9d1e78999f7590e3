/** A site file and a source to start from, out of the variables of a server: ids from their paths, kinds guessed from names and units. */
import { stringify } from 'yaml'
import type { PointKind } from '../../../model/point.ts'
import type { Found, Login, Variable } from './browse.ts'

export interface Proposal {
  /** `sites/{site}.yaml`. */
  readonly site: string
  /** The `sources:` item for davy.yaml. */
  readonly source: string
  /** Points proposed, and variables left out: of no kind that can be guessed, or of a type no point can have. */
  readonly points: number
  readonly leftOut: number
}

interface Guess {
  readonly kind: PointKind
  /** In the path, or the description. */
  readonly words: RegExp
  readonly shape: 'number' | 'boolean' | 'string'
  /** Where the unit is known it has to fit. */
  readonly units?: RegExp
}

/** Read from the top: what is particular comes before what is general. */
const GUESSES: readonly Guess[] = [
  { kind: 'feeder.energized', words: /feed|breaker|馈电|断路器/i, shape: 'boolean' },
  { kind: 'fan.running', words: /fan|blower|风机/i, shape: 'boolean' },
  { kind: 'door.open', words: /door|gate|风门|门/i, shape: 'boolean' },
  { kind: 'smoke', words: /smoke|烟/i, shape: 'boolean' },
  { kind: 'device.state', words: /camera|video|摄像|视频/i, shape: 'string' },
  { kind: 'gas.ch4', words: /ch4|methane|甲烷|瓦斯/i, shape: 'number' },
  { kind: 'gas.lel', words: /lel|combustible|可燃/i, shape: 'number' },
  { kind: 'gas.lel', words: /gas|气体/i, shape: 'number', units: /lel/i },
  { kind: 'gas.h2s', words: /h2s|硫化氢/i, shape: 'number' },
  { kind: 'gas.co2', words: /co2|二氧化碳/i, shape: 'number' },
  { kind: 'gas.co', words: /\bco\b|(^|[^a-z])co([^a-z0-9]|$)|一氧化碳/i, shape: 'number' },
  { kind: 'gas.o2', words: /(^|[^a-z])o2|oxygen|氧气/i, shape: 'number' },
  { kind: 'tank.level', words: /level|液位/i, shape: 'number', units: /^(m|mm|cm|%)$/i },
  { kind: 'tank.pressure', words: /press|压力/i, shape: 'number', units: /pa|bar/i },
  { kind: 'tank.temperature', words: /tank.*temp|罐.*温/i, shape: 'number', units: /c|℃|k/i },
  { kind: 'env.temperature', words: /temp|温度/i, shape: 'number', units: /c|℃|k/i },
  { kind: 'env.wind', words: /wind|air.?speed|风速/i, shape: 'number', units: /m\/s/i },
  { kind: 'env.dust', words: /dust|粉尘/i, shape: 'number' },
  { kind: 'power.energy', words: /energy|kwh|电量|电能/i, shape: 'number', units: /wh/i },
  { kind: 'power.active', words: /power|功率/i, shape: 'number', units: /^[km]?w$/i },
  { kind: 'weld.current', words: /weld|焊/i, shape: 'number', units: /^a$/i },
  { kind: 'power.current', words: /current|电流/i, shape: 'number', units: /^[km]?a$/i },
  { kind: 'belt.rate', words: /belt|conveyor|皮带|输送/i, shape: 'number' },
  { kind: 'count.people', words: /people|person|head.?count|人数/i, shape: 'number' },
]

/** The kind a variable most likely is of; `undefined` where nothing speaks for any. */
export function guessKind({ path, description = '', shape, array, unit }: Variable): PointKind | undefined {
  if (array) return undefined
  const said = `${path.join(' ')} ${description}`
  return GUESSES.find(
    (guess) =>
      guess.shape === shape && guess.words.test(said) && (!guess.units || unit === undefined || guess.units.test(unit)),
  )?.kind
}

/** Pure. What cannot be guessed stands as a comment, to be given a kind by hand. */
export function propose(
  { variables, more }: Found,
  { site, login }: { site: string; login: Pick<Login, 'endpoint' | 'security' | 'user'> },
): Proposal {
  const taken = new Set<string>()
  const named = variables.map((variable) => ({ variable, kind: guessKind(variable), id: idOf(variable.path, taken) }))
  const points = named.filter(({ kind }) => kind !== undefined)
  const others = named.filter(
    ({ kind, variable }) => kind === undefined && variable.shape !== undefined && !variable.array,
  )
  const pointLine = ({ variable, kind, id }: (typeof named)[number]) => {
    const { unit, range, description } = variable
    const declared = {
      id,
      kind: kind ?? '?',
      ...(description && { name: description }),
      ...(unit !== undefined && { unit }),
      // A range as wide as a number can be says nothing.
      ...(range && range[1] > range[0] && range[1] - range[0] < 1e6 && { range: [...range] }),
    }
    return flow(declared)
  }
  const siteFile = [
    `# Proposed from ${login.endpoint}: look at each line, give the points their areas, and run davy check.`,
    ...(more ? ['# The server has more variables than were looked at.'] : []),
    `site: ${site}`,
    'kind: chemical-plant # coal-mine, metal-mine, construction, works',
    'timezone: Asia/Shanghai',
    'areas:',
    '  - { id: plant, kind: area }',
    points.length > 0 ? 'points:' : 'points: []',
    ...points.map((point) => `  - ${pointLine(point)}`),
    ...(others.length > 0 ? ['  # Of no kind that could be guessed:'] : []),
    ...others.map((point) => `  # - ${pointLine(point)}`),
    '',
  ]
  const item = ({ variable, id }: (typeof named)[number]) => flow({ node: variable.node, point: id })
  const source = [
    '  - adapter: opcua',
    `    name: ${site}-opcua`,
    `    endpoint: ${login.endpoint}`,
    `    site: ${site}`,
    ...(login.security === 'None' ? [] : [`    security: ${login.security}`, '    certificates: opcua-certificates']),
    ...(login.user === undefined
      ? []
      : [`    user: ${JSON.stringify(login.user)}`, '    passwordFile: opcua.password']),
    points.length > 0 ? '    items:' : '    items: []',
    ...points.map((point) => `      - ${item(point)}`),
    ...others.map((point) => `      # - ${item(point)}`),
    '',
  ]
  return {
    site: siteFile.join('\n'),
    source: ['sources:', ...source].join('\n'),
    points: points.length,
    leftOut: variables.length - points.length,
  }
}

function flow(value: object): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim()
}

/** Words of letters and digits joined by slashes; the same path twice is told apart by a number. */
function idOf(path: readonly string[], taken: Set<string>): string {
  const words = path
    .map((part) =>
      part
        .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1-$2')
        .toLowerCase()
        .replace(/[^\p{L}\p{N}._-]+/gu, '-')
        .replace(/^[^\p{L}\p{N}]+|-+$/gu, ''),
    )
    .filter((part) => part !== '')
  const plain =
    words
      .join('/')
      .slice(-190)
      .replace(/^[^\p{L}\p{N}]+/u, '') || 'point'
  let id = plain
  for (let n = 2; taken.has(id); n++) id = `${plain}-${n}`
  taken.add(id)
  return id
}
