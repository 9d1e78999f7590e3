/** Passwords that settings or flags name by their file. */
import { readFileSync } from 'node:fs'
import { DavyError } from '../model/errors.ts'

/** A line end after the password is not part of it. Throws `password-unreadable`. */
export function readPassword(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '')
  } catch (cause) {
    throw new DavyError('password-unreadable', {
      message: cause instanceof Error ? cause.message : String(cause),
      where: file,
      remedy: 'name a file that holds the password and that this user may read',
      cause,
    })
  }
}
