/** An operator moves a certificate to `trusted` while a try that found it unknown, or rejected, is still under way. */
import { mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OPCUACertificateManager, StatusCodes } from 'node-opcua'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { TrustStore } from './trust-store.ts'

let peer: Uint8Array
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'davy-trust-peer-'))
  const made = new OPCUACertificateManager({ rootFolder: folder, disableFileWatchers: true })
  await made.initialize()
  const outputFile = join(folder, 'peer.pem')
  const startDate = new Date()
  await made.createSelfSignedCertificate({
    applicationUri: 'urn:peer',
    subject: '/CN=peer',
    dns: [],
    startDate,
    validity: 10,
    outputFile,
  })
  const [, base64] = /-----BEGIN CERTIFICATE-----([^-]+)-----/.exec(await readFile(outputFile, 'utf8'))!
  peer = Buffer.from(base64!, 'base64')
  await made.dispose()
  await rm(folder, { recursive: true })
})

async function store() {
  const root = await mkdtemp(join(tmpdir(), 'davy-trust-'))
  onTestFinished(() => rm(root, { recursive: true, force: true }))
  const [rejected, trusted] = [join(root, 'rejected'), join(root, 'trusted/certs')]
  const session = async () => {
    const one = new TrustStore(root)
    await one.initialize()
    onTestFinished(() => one.dispose())
    return one
  }
  return {
    session,
    async trust() {
      for (const file of await readdir(rejected)) await rename(join(rejected, file), join(trusted, file))
    },
    files: async () => [await readdir(rejected), await readdir(trusted)].map(({ length }) => length),
  }
}

test('a peer that nobody knows is put into `rejected`, and once it is moved the next session trusts it', async () => {
  const { session, trust, files } = await store()
  const first = await session()
  expect(await first.checkCertificate(peer as never)).toBe(StatusCodes.BadCertificateUntrusted)
  expect(await files()).toEqual([1, 0])
  await trust()
  const second = await session()
  expect(await second.checkCertificate(peer as never)).toBe(StatusCodes.Good)
})

test.each([
  ['unknown', async (one: TrustStore) => one],
  ['rejected', async (_: TrustStore, another: () => Promise<TrustStore>) => another()],
] as const)('moved while a session that found it %s is about to reject it, it stays trusted', async (_, underWay) => {
  const { session, trust, files } = await store()
  const unknown = await session()
  await (await session()).checkCertificate(peer as never)
  const late = await underWay(unknown, session)
  await trust()
  await late.rejectCertificate(peer as never)
  expect(await files()).toEqual([0, 1])
  expect(await (await session()).checkCertificate(peer as never)).toBe(StatusCodes.Good)
})
