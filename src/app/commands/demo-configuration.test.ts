import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { loadConfiguration } from '../configuration.ts'
import { writeDemoConfiguration } from './demo-configuration.ts'
import { withDemoDelays } from './demo-delays.ts'

const CONFIG = fileURLToPath(new URL('../../../config', import.meta.url))

test.each([1, 10, 37])('at speed %i the copy says exactly what the demo runs by', async (speed) => {
  const into = mkdtempSync(join(tmpdir(), 'davy-demo-test-'))
  try {
    const example = await loadConfiguration(CONFIG, { warn: () => {} })
    writeDemoConfiguration(example, { speed, into })
    const copy = await loadConfiguration(into, {
      warn(text) {
        throw new Error(text)
      },
    })
    const shape = (installation: typeof copy.installation) =>
      installation.rules.map(({ id, params, raiseAfter, clearAfter, severity, match }) => ({
        id,
        params,
        raiseAfter,
        clearAfter,
        severity,
        match,
      }))
    expect(shape(copy.installation)).toEqual(shape(withDemoDelays(example.installation, speed)))
    expect([...copy.installation.sites.keys()]).toEqual([...example.installation.sites.keys()])
  } finally {
    rmSync(into, { recursive: true })
  }
})
