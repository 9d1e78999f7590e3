/** What a benchmark prints: JSON Lines, one a measurement, with the machine they were taken on. */
import { cpus, totalmem } from 'node:os'

export interface Measurement {
  readonly bench: string
  readonly [figure: string]: unknown
}

export function print(measurement: Measurement): void {
  process.stdout.write(`${JSON.stringify(measurement)}\n`)
}

export function printMachine(): void {
  const processors = cpus()
  print({
    bench: 'machine',
    cpu: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  })
}

/** Wall-clock and processor seconds of some work. */
export async function timed(work: () => Promise<void> | void): Promise<{ seconds: number; cpuSeconds: number }> {
  const cpu = process.cpuUsage()
  const start = performance.now()
  await work()
  const seconds = (performance.now() - start) / 1_000
  const used = process.cpuUsage(cpu)
  return { seconds, cpuSeconds: (used.user + used.system) / 1e6 }
}

export const perSecond = (count: number, seconds: number) => Math.round(count / seconds)
