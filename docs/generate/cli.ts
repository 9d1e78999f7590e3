/** The reference of the command line: the help of every command, as the program itself prints it. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))

/** `cli.md`. */
export async function cliReference(): Promise<Readonly<Record<string, string>>> {
  const whole = await help([])
  const commands = [...whole.slice(whole.indexOf('\nCommands:')).matchAll(/^ {2}([a-z-]+)/gm)]
    .map(([, name]) => name!)
    .filter((name) => name !== 'help')
  const pages = await Promise.all(commands.map((name) => help([name])))
  const parts = [
    '# Command line',
    'Exit codes: 0 done, 1 bad input (file, line and reason are named), 2 bad usage, 70 the journal can no longer be written. `DAVY_PASSWORD` (at least 8 characters) sets the password of `admin` on the first run.',
    fenced(whole),
    ...pages.map((page, i) => `## davy ${commands[i]}\n\n${fenced(page)}`),
  ]
  return { 'cli.md': `${parts.join('\n\n')}\n` }
}

async function help(command: readonly string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [CLI, ...command, '--help'], {
    env: { ...process.env, NO_COLOR: '1' },
  })
  return stdout
}

function fenced(text: string): string {
  return `\`\`\`text\n${text.trimEnd()}\n\`\`\``
}
