/** The folder of certificates as one session sees it: read when the session begins, and never against what its operator does meanwhile. */
import { X509Certificate } from 'node:crypto'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { OPCUACertificateManager } from 'node-opcua'

/** A peer seen for the first time is put into `rejected`. */
export class TrustStore extends OPCUACertificateManager {
  constructor(rootFolder: string) {
    // Each session has its own: what was moved meanwhile the next one sees.
    super({ rootFolder, automaticallyAcceptUnknownCertificate: false, disableFileWatchers: true })
  }

  /** As the library does it, but for a certificate that was moved to `trusted` while the peer was being asked: the library would move it
   *  back, or leave it in both folders, where it counts as rejected for ever. */
  override async rejectCertificate(certificate: Parameters<OPCUACertificateManager['rejectCertificate']>[0]) {
    const [first] = Array.isArray(certificate) ? certificate : [certificate]
    const known = await placeOf(first!, this.rejectedFolder)
    if (await placeOf(first!, this.trustedFolder)) return
    await super.rejectCertificate(certificate)
    const place = known === undefined ? await placeOf(first!, this.rejectedFolder) : undefined
    if (place !== undefined && (await placeOf(first!, this.trustedFolder))) await rm(place, { force: true })
  }
}

/** The file of a folder that holds the certificate, whatever it is called. */
async function placeOf(certificate: Uint8Array, folder: string): Promise<string | undefined> {
  const wanted = new X509Certificate(certificate).fingerprint256
  for (const name of await readdir(folder).catch(() => [])) {
    const file = join(folder, name)
    try {
      if (new X509Certificate(await readFile(file)).fingerprint256 === wanted) return file
    } catch {
      // Moved meanwhile, or no certificate.
    }
  }
  return undefined
}
