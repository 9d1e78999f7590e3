/** `davy discover opcua`: browses a server and proposes a site file and the source that reads it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Found, Login } from '../../adapters/opcua/discover/browse.ts'
import { readPassword } from '../../adapters/password-file.ts'
import { DavyError } from '../../model/errors.ts'
import { type DiscoverFlags, present } from './discover.ts'

export interface OpcuaFlags extends DiscoverFlags {
  readonly security: Login['security']
  readonly user?: string
  readonly passwordFile?: string
  readonly certificates?: string
  readonly start: string
  readonly most: number
}

/** Throws `nothing-found` where the server cannot be reached, does not let us in, or has no variable below the start. */
export async function discoverOpcua(endpoint: string, flags: OpcuaFlags): Promise<void> {
  const { security, user, passwordFile, certificates, site } = flags
  if (!/^opc\.tcp:\/\//.test(endpoint)) throw usage(`${endpoint} is not opc.tcp://host:port`)
  if (security !== 'None' && certificates === undefined)
    throw usage(`--security ${security} needs --certificates <dir>`)
  const scratch = certificates === undefined ? mkdtempSync(join(tmpdir(), 'davy-discover-')) : undefined
  const login: Login = {
    endpoint,
    security,
    certificates: certificates ?? scratch!,
    ...(user !== undefined && { user }),
    ...(passwordFile !== undefined && { password: readPassword(passwordFile) }),
  }
  try {
    const found = await browse(login, flags)
    if (found.variables.length === 0) throw nothing(endpoint, `no variable below ${flags.start}`)
    const { propose } = await import('../../adapters/opcua/discover/propose.ts')
    const { site: file, source, points, leftOut } = propose(found, { site, login })
    await present({ [`${site}.yaml`]: file }, flags)
    process.stdout.write(`# ---- for davy.yaml\n${source}`)
    process.stderr.write(`${points} points proposed, ${leftOut} variables left to you\n`)
  } finally {
    if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true })
  }
}

async function browse(login: Login, { start, most }: OpcuaFlags): Promise<Found> {
  // The library chats on standard output, which is for what was found.
  const { write } = process.stdout
  process.stdout.write = () => true
  const watched = process.stderr.isTTY
  try {
    const { browseServer } = await import('../../adapters/opcua/discover/browse.ts')
    return await browseServer(login, {
      start,
      most,
      onProgress: (found) => watched && process.stderr.write(`\r${found} variables`),
    })
  } catch (cause) {
    const message = cause instanceof Error ? cause.message.split('\n')[0]! : String(cause)
    throw nothing(login.endpoint, message, cause)
  } finally {
    process.stdout.write = write
    if (watched) process.stderr.write('\r')
  }
}

function nothing(where: string, message: string, cause?: unknown): DavyError {
  return new DavyError('nothing-found', {
    message,
    where,
    remedy:
      'see whether the server runs, and lets you in (--user, --security, --certificates); --start names a node to begin at',
    cause,
  })
}

function usage(message: string): DavyError {
  return new DavyError('usage', { message })
}
