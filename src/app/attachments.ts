/** Files attached to alarms: kept by their content in the data folder, bounded, never changed. */
import { createHash } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'

export interface AttachmentLimits {
  /** Bytes of one file. */
  readonly file: number
  /** Bytes of all of them. */
  readonly all: number
}

export interface Attachments {
  readonly limits: AttachmentLimits
  /** The SHA-256 of the bytes, once they are on disk; `full` where there is no room for them. */
  keep(bytes: Uint8Array): Promise<{ readonly sha256: string } | 'full'>
  /** Bytes of a kept file; `undefined` where there is none. */
  size(sha256: string): Promise<number | undefined>
  read(sha256: string): Promise<Uint8Array | undefined>
}

const LIMITS: AttachmentLimits = { file: 16 * 1024 * 1024, all: 4 * 1024 * 1024 * 1024 }
const NAME = /^[0-9a-f]{64}$/

/** Makes the folder `attachments` of the data folder with the first file. */
export function openAttachments({ data, limits = LIMITS }: { data: string; limits?: AttachmentLimits }): Attachments {
  const folder = join(data, 'attachments')
  /** Bytes of all that is kept or being written; measured with the first file. */
  let used: number | undefined
  let measuring: Promise<number> | undefined
  let drafts = 0

  async function measured(): Promise<void> {
    measuring ??= measure().finally(() => {
      measuring = undefined
    })
    const found = await measuring
    used ??= found
  }

  async function measure(): Promise<number> {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const names = (await readdir(folder)).filter((name) => NAME.test(name))
    const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size))
    return sizes.reduce((sum, size) => sum + size, 0)
  }

  async function size(sha256: string): Promise<number | undefined> {
    if (!NAME.test(sha256)) return undefined
    return (await stat(join(folder, sha256)).catch(() => undefined))?.size
  }

  /** Whole or not at all: written beside, then given its name. */
  async function write(sha256: string, bytes: Uint8Array): Promise<void> {
    const draft = join(folder, `.${sha256}.${++drafts}`)
    const handle = await open(draft, 'w', 0o600)
    try {
      await handle.writeFile(bytes)
      await handle.datasync()
    } finally {
      await handle.close()
    }
    await rename(draft, join(folder, sha256))
    // Its name must outlive a power cut, too: the journal will speak of it.
    const directory = await open(folder, 'r')
    await directory.sync().finally(() => directory.close())
  }

  return {
    limits,
    async keep(bytes) {
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      if ((await size(sha256)) !== undefined) return { sha256 }
      if (used === undefined) await measured()
      // Without a wait between the look and the claim: uploads come side by side.
      if (used! + bytes.byteLength > limits.all) return 'full'
      used! += bytes.byteLength
      try {
        await write(sha256, bytes)
      } catch (error) {
        used! -= bytes.byteLength
        throw error
      }
      return { sha256 }
    },
    size,
    async read(sha256) {
      return NAME.test(sha256) ? await readFile(join(folder, sha256)).catch(() => undefined) : undefined
    },
  }
}
