/** A configuration of any size, written as the files a user would write and loaded the way a user's is. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ADAPTERS } from '../src/adapters/index.ts'
import { loadConfig } from '../src/app/config/load.ts'
import type { Installation } from '../src/model/site.ts'
import { RULES } from '../src/rules/index.ts'
import { everyRule, peopleFile, siteFile } from './mine-files.ts'

const SIX_RULES = `regulation: { id: bench, title: bench }
rules:
  - { id: crew, rule: over-crew, match: { kind: coal-face }, limit: 25, work: production, raiseAfter: 60s, clearAfter: 60s }
  - { id: left, rule: card-left }
  - { id: missing, rule: card-missing }
  - id: gas
    rule: limit
    match: { kind: gas.ch4 }
    levels: [{ name: warn, high: 1, clear: 1, severity: major }, { name: cut, high: 1.5, clear: 1, severity: critical }]
  - { id: silent, rule: silent }
  - { id: unwatched, rule: unmonitored, match: { kind: coal-face }, require: [camera, gas] }
`

/** Sites of ten faces; most points measure gas, the others are readers, cameras and a gate. */
export function writeEstate({
  sites,
  pointsPerSite,
  peoplePerSite,
}: {
  sites: number
  pointsPerSite: number
  peoplePerSite: number
}): string {
  const dir = mkdtempSync(join(tmpdir(), 'davy-bench-'))
  mkdirSync(join(dir, 'sites'))
  mkdirSync(join(dir, 'rules'))
  writeFileSync(join(dir, 'rules', 'six.yaml'), SIX_RULES)
  for (let s = 0; s < sites; s++) {
    const faces = Array.from({ length: 10 }, (_, f) => `  - { id: face-${f}, kind: coal-face, in: underground }`)
    const points = [`  - { id: gate, kind: gate, area: underground }`]
    for (let f = 0; f < 10; f++) {
      points.push(`  - { id: readers/r-${f}, kind: card.reader, area: face-${f} }`)
      points.push(`  - { id: cameras/c-${f}, kind: device.state, area: face-${f}, device: camera }`)
    }
    for (let p = points.length; p < pointsPerSite; p++) {
      points.push(`  - { id: gas/ch4-${p}, kind: gas.ch4, unit: "%", area: face-${p % 10}, range: [0, 10] }`)
    }
    const people = Array.from({ length: peoplePerSite }, (_, p) => `p-${p},card-${p},n-${p},miner,team-${p % 9},,`)
    writeFileSync(
      join(dir, 'sites', `mine-${s}.csv`),
      `person,card,name,role,team,certificate,expires\n${people.join('\n')}\n`,
    )
    writeFileSync(
      join(dir, 'sites', `mine-${s}.yaml`),
      `site: mine-${s}\nname: mine ${s}\nkind: coal-mine\ntimezone: Asia/Shanghai\nareas:\n  - { id: underground, kind: underground }\n${faces.join('\n')}\npoints:\n${points.join('\n')}\npeople: mine-${s}.csv\n`,
    )
  }
  return dir
}

/** Mines of 1 000 points and 2 000 people or so, under every rule; each tenth rests. */
export function writeMines({
  sites,
  pointsPerSite,
  peoplePerSite,
}: {
  sites: number
  pointsPerSite: number
  peoplePerSite: number
}): string {
  const dir = mkdtempSync(join(tmpdir(), 'davy-bench-'))
  mkdirSync(join(dir, 'sites'))
  mkdirSync(join(dir, 'rules'))
  writeFileSync(join(dir, 'rules', 'every.yaml'), everyRule())
  for (let s = 0; s < sites; s++) {
    const id = `mine-${s}`
    const status = s % 10 === 9 ? 'suspended' : 'producing'
    writeFileSync(join(dir, 'sites', `${id}.csv`), peopleFile(peoplePerSite))
    writeFileSync(join(dir, 'sites', `${id}.yaml`), siteFile({ id, points: pointsPerSite, status }))
  }
  return dir
}

/** Loads an estate of six rules and removes its files. */
export const loadEstate = (size: Parameters<typeof writeEstate>[0]): Promise<Installation> => load(writeEstate(size))

/** The same for mines under every rule. */
export const loadMines = (size: Parameters<typeof writeMines>[0]): Promise<Installation> => load(writeMines(size))

async function load(dir: string): Promise<Installation> {
  try {
    const { installation, problems } = await loadConfig(dir, { rules: RULES, adapters: ADAPTERS })
    const errors = problems.filter(({ level }) => level === 'error')
    if (errors.length > 0)
      throw new Error(errors.map(({ file, line, message }) => `${file}:${line}: ${message}`).join('\n'))
    return installation!
  } finally {
    rmSync(dir, { recursive: true })
  }
}
