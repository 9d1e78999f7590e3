/** Files: kept with an alarm, and saved on this computer. */
import { ask, query, send } from './http.ts'
import type { AttachmentBody, ImportReply } from './types.ts'

/** A photograph from underground over a slow line. */
const PATIENCE = 120_000

/** Sends a file to be kept by its content; rejects with a `Problem`. */
export function upload(file: File): Promise<AttachmentBody> {
  return ask<AttachmentBody>(`attachments${query({ name: file.name })}`, {
    method: 'POST',
    body: file,
    timeout: PATIENCE,
  })
}

/** Sends a list of hazards; `dryRun` takes nothing in, `site` is where rows belong that name none. Rejects with a `Problem`. */
export function importHazards(of: {
  readonly file: File
  readonly site: string
  readonly dryRun: boolean
}): Promise<ImportReply> {
  const { file, site, dryRun } = of
  // What a browser takes a file for depends on the programs of its computer; the service looks into it.
  const body = file.slice(0, file.size, 'application/octet-stream')
  return ask<ImportReply>(`hazards/import${query({ site, ...(dryRun && { dryRun: 'true' }) })}`, {
    method: 'POST',
    body,
    timeout: PATIENCE,
  })
}

/** Fetches something and saves it; without a name, under the one the service gives. Rejects with a `Problem`. */
export async function download(path: string, name?: string): Promise<void> {
  const response = await send(path, { timeout: PATIENCE })
  const given = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1]
  save({ file: await response.blob(), name: name ?? given ?? 'file' })
}

/** Hands bytes to the browser as a file. */
export function save({ file, name }: { readonly file: Blob; readonly name: string }): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  // The browser has taken the file by the next task.
  setTimeout(() => URL.revokeObjectURL(link.href))
}
