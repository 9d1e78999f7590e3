/** Which cases test which rule and which item. */
import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import type { Installation } from '../../model/site.ts'
import { expandNames } from '../cases/offsets.ts'
import { runCases } from '../cases.ts'
import type { Tested } from './coverage.ts'

const RULES = new URL('../../rules/', import.meta.url)

/** Runs the configuration's own cases: one tests an item that is named in its `about`, or of which it sees an alarm. */
export async function readTested(
  files: readonly string[],
  { installation, rules }: { installation: Installation; rules: Iterable<string> },
): Promise<Tested> {
  const built = new Map<string, number>()
  for (const name of rules)
    built.set(name, casesIn(await readFile(new URL(`${name}/cases.yaml`, RULES), 'utf8')).length)
  const items = new Map<string, string[]>()
  for (const file of files) {
    const text = await readFile(file, 'utf8')
    const declared = casesIn(text)
    for (const [i, { name, transitions, passed }] of runCases({ text, file, installation }).entries()) {
      if (!passed) continue
      const about = declared[i]?.about === undefined ? undefined : expandNames(declared[i].about)
      for (const { id } of installation.rules) {
        const seen = transitions.some(
          ({ rule, instance, key }) =>
            instance === id && (!about || [rule, instance, key].some((name) => about.includes(name))),
        )
        if (!seen && !about?.includes(id)) continue
        items.set(id, [...(items.get(id) ?? []), name])
      }
    }
  }
  return { rules: built, items }
}

function casesIn(text: string): readonly { readonly about?: string | readonly string[] }[] {
  try {
    return (parse(text) as { cases?: [] } | null)?.cases ?? []
  } catch {
    // `davy test` says what is wrong with it.
    return []
  }
}
