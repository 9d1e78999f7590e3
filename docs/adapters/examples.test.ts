import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { ADAPTERS } from '../../src/adapters/index.ts'
import { createBroker } from '../../src/adapters/mqtt/broker.ts'
import type { MqttSettings } from '../../src/adapters/mqtt/settings.ts'
import { conform } from '../../src/app/config/conform.ts'
import { SettingsSchema } from '../../src/app/config/settings-schema.ts'

interface Example {
  readonly mqtt?: object
  readonly sources?: readonly { readonly name: string; readonly adapter: string }[]
}

const pages = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.md'))

test.each(pages)('the examples of %s are settings the adapter takes', async (page) => {
  const text = readFileSync(`${import.meta.dirname}/${page}`, 'utf8')
  for (const [, yaml] of text.matchAll(/```yaml\n(.*?)```/gs)) {
    const example = parse(yaml!) as Example
    if (example.mqtt) {
      const { value, findings } = conform({ mqtt: example.mqtt }, SettingsSchema)
      expect(findings).toEqual([])
      const { mqtt } = value as { mqtt: MqttSettings }
      // Certificates of an example are on no disk; any file that can be read will do, for nothing listens here.
      const tls = mqtt.tls && { cert: import.meta.filename, key: import.meta.filename }
      createBroker({ ...mqtt, ...(tls && { tls }) }, { name: 'mqtt', now: () => 0, log: () => {} })
    }
    for (const { name, adapter, ...given } of example.sources ?? []) {
      const found = await ADAPTERS[adapter]!()
      const { value, findings } = conform(given, found.settings)
      expect(findings).toEqual([])
      found.create(value, { name, now: () => 0, log: () => {} })
    }
  }
})
