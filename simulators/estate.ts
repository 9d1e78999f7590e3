/** Who works where in the example installation, and which reader comes after which. Sites it does not know have no people. */

export interface Post {
  /** A team as the people file names it, or persons. */
  readonly who: string | readonly string[]
  /** Readers they work at; who has several changes between them. */
  readonly at: readonly string[]
  /** `sit`: a chamber's attendant, who hardly moves. `tour`: always on the way to the next. */
  readonly manner?: 'work' | 'sit' | 'tour'
}

export interface Layout {
  readonly gate: string
  /** The reader beside the gate. */
  readonly lamp?: string
  /** Neighbouring readers; the first is the shaft (the cage), if there is one. */
  readonly passages: readonly (readonly [string, string])[]
  /** Posts of each shift of a day. */
  readonly duty: readonly (readonly Post[])[]
  /** Where a crew waits until the one before it has left the face. */
  readonly waiting?: string
  /** Fitters on the haulage road, whom incidents send about. */
  readonly visitors: readonly string[]
}

const r = (...names: readonly string[]) => names.map((name) => `readers/r-${name}`)

function mineShift(n: 0 | 1 | 2): readonly Post[] {
  const team = '一二三'[n]!
  const one = <T>(...of: readonly [T, T, T]): readonly T[] => [of[n]!]
  return [
    { who: `综采${team}队`, at: r('101-a', '101-b') },
    { who: `掘进${team}队`, at: r('202-a', '202-b') },
    { who: one('p-130', 'p-132', 'p-134'), at: r('101-a', '101-out') },
    { who: one('p-131', 'p-133', 'p-135'), at: r('202-a', '202-b') },
    { who: one('p-136', 'p-137', 'p-138'), at: r('pump'), manner: 'sit' },
    { who: one('p-127', 'p-128', 'p-129'), at: r('sub'), manner: 'sit' },
    {
      who: [
        ['p-120', 'p-125'],
        ['p-126', 'p-139'],
        ['p-140', 'p-141'],
      ][n]!,
      at: r('maint-7'),
    },
    {
      who: one('p-001', 'p-002', 'p-003'),
      at: r('haul-1', '101-in', '101-b', 'haul-2', '202-a', 'maint-7'),
      manner: 'tour',
    },
    { who: one('p-005', 'p-006', 'p-007'), at: r('haul-2', '202-b', 'haul-1', '101-a'), manner: 'tour' },
  ]
}

const plantShift: readonly Post[] = [
  { who: ['l-005', 'l-006', 'l-007', 'l-008'], at: r('tank-farm') },
  { who: ['l-009', 'l-010', 'l-011', 'l-012', 'l-013', 'l-014'], at: r('reactor-hall') },
  { who: ['l-038', 'l-039'], at: r('loading-bay') },
  { who: ['l-003'], at: r('tank-farm', 'reactor-hall', 'loading-bay'), manner: 'tour' },
]

export const ESTATE: Readonly<Record<string, Layout>> = {
  baoyuan: {
    gate: 'gates/wellhead',
    lamp: 'readers/r-lamp',
    passages: (
      [
        ['lamp', 'shaft'],
        ['shaft', 'haul-1'],
        ['haul-1', 'haul-2'],
        ['haul-2', '101-in'],
        ['101-in', '101-a'],
        ['101-a', '101-b'],
        ['101-b', '101-out'],
        ['101-out', 'haul-2'],
        ['haul-2', '202-a'],
        ['202-a', '202-b'],
        ['haul-1', 'maint-7'],
        ['101-b', 'goaf-3'],
        ['shaft', 'pump'],
        ['shaft', 'sub'],
      ] as const
    ).map(([a, b]) => [`readers/r-${a}`, `readers/r-${b}`] as const),
    duty: [mineShift(0), mineShift(1), mineShift(2)],
    waiting: 'readers/r-haul-2',
    visitors: ['p-121', 'p-122', 'p-123', 'p-124'],
  },
  'longteng-chem': {
    gate: 'gates/main',
    passages: [
      ['readers/r-tank-farm', 'readers/r-reactor-hall'],
      ['readers/r-reactor-hall', 'readers/r-hot-work-1'],
      ['readers/r-tank-farm', 'readers/r-loading-bay'],
    ],
    duty: [plantShift],
    visitors: [],
  },
  'weld-yard': {
    gate: 'gates/yard',
    passages: [],
    duty: [[{ who: ['w-002', 'w-003', 'w-004', 'w-005', 'w-012', 'w-013', 'w-014'], at: [] }]],
    visitors: [],
  },
}
