/** Passwords that settings name by their file. */
import { readFileSync } from 'node:fs'

/** A line end after the password is not part of it. Throws where the file cannot be read. */
export function readPassword(file: string): string {
  return readFileSync(file, 'utf8').replace(/\r?\n$/, '')
}
