/** `davy hash-password`: a password from standard input, its hash for `davy.yaml` to standard output. */
import { hashPassword } from '../../adapters/mqtt/password.ts'
import { DavyError } from '../../model/errors.ts'
import { isLongEnough, SHORTEST_PASSWORD } from '../../model/password.ts'

/** Longest password read, bytes. */
const LONGEST = 1_024

/** Takes the first line, so that it is neither in the shell's history nor in the list of processes. */
export async function hashPasswordCommand(): Promise<void> {
  if (process.stdin.isTTY) process.stderr.write('password (shown as you type; then Enter): ')
  const password = await firstLine()
  if (password === '' || Buffer.byteLength(password) > LONGEST) {
    throw new DavyError('password-missing', {
      message:
        password === '' ? 'there is no password on standard input' : `the password has more than ${LONGEST} bytes`,
      remedy: "for instance: printf %s 'the password' | davy hash-password",
    })
  }
  if (!isLongEnough(password)) {
    throw new DavyError('password-short', {
      message: `the password has fewer than ${SHORTEST_PASSWORD} characters`,
      remedy: 'choose a longer one',
    })
  }
  process.stdout.write(`${await hashPassword(password)}\n`)
}

async function firstLine(): Promise<string> {
  let text = ''
  for await (const part of process.stdin.setEncoding('utf8')) {
    text += part
    if (text.includes('\n') || text.length > LONGEST) break
  }
  return text.split(/\r?\n/, 1)[0]!
}
