/** `npm run bench`: every benchmark, each in a process of its own, as JSON Lines. `npm run bench -- pipeline service` runs those. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { printMachine } from './machine.ts'

const ALL = [
  'pipeline',
  'desk',
  'service',
  'ingest',
  'journal',
  'history',
  'alarm-list',
  'mqtt-source',
  'mqtt-connections',
  'modbus',
  'opcua',
  'mine-drop',
  'city',
  'day',
]

const wanted = process.argv.slice(2)
printMachine()
for (const name of wanted.length > 0 ? wanted : ALL) {
  const file = fileURLToPath(new URL(`${name}.ts`, import.meta.url))
  if (!existsSync(file)) {
    process.stderr.write(`bench: there is no ${name}; there are ${ALL.join(', ')}\n`)
    process.exitCode = 2
    continue
  }
  process.stderr.write(`bench: ${name}\n`)
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'inherit', 'inherit'] })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) process.exitCode = 1
}
