/** Who trusts whom: certificates and logins. */
import { mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { startOpcuaServer } from '../../../simulators/servers/opcua.ts'
import { long } from '../../../test/long-only.ts'
import { last, stops, watch } from './source.fixture.ts'

/** Each try makes keys and checks certificates: on a machine that is busy, seconds of it. */
const within = { timeout: 100_000, interval: 50 }

test('log in by name over an encrypted connection, once the server is trusted', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'davy-opcua-test-'))
  stops.push(() => rm(folder, { recursive: true, force: true }))
  const server = await startOpcuaServer({
    items: [{ node: 'ns=1;s=a', type: 'Double', initial: 1 }],
    users: [{ user: 'davy', password: 'lamp' }],
  })
  stops.push(() => server.stop())
  const passwordFile = join(folder, 'password')
  await writeFile(passwordFile, 'wrong\n')
  const certificates = join(folder, 'pki')
  const { tap } = watch(server, [{ node: 'ns=1;s=a', point: 'a' }], {
    security: 'Basic256Sha256',
    user: 'davy',
    passwordFile,
    certificates,
  })
  await vi.waitFor(() => expect(tap.lost.at(-1)?.message).toMatch(/trusted\/certs/), within)
  const rejected = join(certificates, 'rejected')
  const trusted = join(certificates, 'trusted/certs')
  for (const file of await readdir(rejected)) await rename(join(rejected, file), join(trusted, file))
  await vi.waitFor(() => expect(tap.lost.at(-1)?.message).toMatch(/BadUserAccessDenied|BadIdentityToken/), within)
  await writeFile(passwordFile, 'lamp\n')
  await vi.waitFor(() => expect(last(tap, 'a')).toMatchObject({ value: 1, quality: 'good' }), within)
}, 120_000)

long(
  'a server that does not trust us: our own certificate is named, and once it is trusted there the link is up',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'davy-opcua-test-'))
    stops.push(() => rm(folder, { recursive: true, force: true }))
    const server = await startOpcuaServer({
      items: [{ node: 'ns=1;s=a', type: 'Double', initial: 1 }],
      certificates: join(folder, 'theirs'),
      refuseStrangers: true,
    })
    stops.push(() => server.stop())
    const certificates = join(folder, 'ours')
    const { tap } = watch(server, [{ node: 'ns=1;s=a', point: 'a' }], { security: 'Basic256Sha256', certificates })
    const move = async (pki: string) => {
      for (const file of await readdir(join(pki, 'rejected')))
        await rename(join(pki, 'rejected', file), join(pki, 'trusted/certs', file))
    }
    await vi.waitFor(() => expect(tap.lost.at(-1)?.message).toMatch(/move it to .*ours\/trusted\/certs/), within)
    await move(certificates)
    await vi.waitFor(() => expect(tap.lost.at(-1)?.message).toMatch(/have its administrator trust .*ours\/own/), within)
    await vi.waitFor(async () => {
      // Asked while its administrator moves our certificate, a server of this make may reject it once more: he moves it again.
      await move(join(folder, 'theirs/server'))
      expect(last(tap, 'a')).toMatchObject({ value: 1, quality: 'good' })
    }, within)
  },
)
