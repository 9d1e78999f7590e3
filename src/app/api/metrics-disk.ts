/** The data folder's disk for Prometheus. What is not known is NaN, and a room that does not shrink lasts for ever. */
import { Gauge, type Registry } from 'prom-client'
import { SECOND } from '../../model/time.ts'
import { DISK_PARTS } from '../disk/measure.ts'
import type { DiskView } from '../disk/watch.ts'

export function diskMetrics(registry: Registry, disk: () => DiskView): void {
  const registers = [registry]
  gauge('davy_disk_free_bytes', 'Room left on the disk of the data folder, bytes', ({ measure }) => measure?.free)
  gauge('davy_disk_size_bytes', 'Size of the file system of the data folder, bytes', ({ measure }) => measure?.size)
  gauge(
    'davy_disk_lasts_seconds',
    'How long that room lasts at the rate of the last day, or since the start, seconds; NaN in the first hour',
    ({ rate, lasts }) => (rate === undefined ? undefined : (lasts ?? Number.POSITIVE_INFINITY) / SECOND),
  )
  gauge('davy_disk_low', 'Whether less is left than storage.disk asks for, or nobody can say', ({ state }) =>
    state === 'enough' ? 0 : 1,
  )
  new Gauge({
    name: 'davy_disk_part_bytes',
    help: 'What parts of the data folder take, bytes',
    labelNames: ['part'],
    registers,
    collect() {
      const { measure } = disk()
      for (const part of DISK_PARTS) this.set({ part }, measure?.parts[part] ?? Number.NaN)
    },
  })

  function gauge(name: string, help: string, read: (view: DiskView) => number | undefined): void {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read(disk()) ?? Number.NaN)
      },
    })
  }
}
