/** Runs what the READMEs tell a reader to type, in a copy that leaves the checkout alone: `npm run readme`.
 *
 *  Of a README's fences those marked `sh run` are run to their end and must succeed (`sh run fails`: must fail); those
 *  marked `sh serve` are started, must answer /readyz at the address they print, and run until the next of them or the
 *  end. What an `output` fence behind them shows must be what was printed: `…` stands for any text within a line, a line
 *  of `…` alone for any lines. `npm ci` has been done; ports 8080 and 1883 are moved to free ones. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'

interface Step {
  /** Of the fence, from 1. */
  readonly line: number
  readonly kind: 'run' | 'fails' | 'serve'
  readonly script: string
  readonly output?: string
}

interface Serving {
  readonly child: ChildProcess
  readonly ended: Promise<unknown>
}

const ROOT = fileURLToPath(new URL('..', import.meta.url))
/** Milliseconds: longest that one command may take, and that a service may take to be ready or to stop. */
const PATIENCE = 60_000

/** Runs one README; throws with file, line and what was printed at the first step that is not as written. */
export async function runReadme({
  file,
  text,
  say = () => {},
}: {
  readonly file: string
  readonly text: string
  readonly say?: (line: string) => void
}): Promise<number> {
  const cwd = await copy()
  const ports = { '8080': await freePort(), '1883': await freePort() }
  const moved = (script: string) => script.replaceAll(/\b(8080|1883)\b/g, (port) => String(ports[port as '8080']))
  let serving: Serving | undefined
  const steps = stepsOf(text)
  try {
    for (const step of steps) {
      const where = `${file}:${step.line}`
      const title = step.script.split('\n')[0]!
      if (step.kind === 'serve') {
        if (serving) await stop(serving, where)
        const flags = `--port ${ports['8080']} --mqtt-port ${ports['1883']}`
        const script = moved(step.script).replace(/(npm run [\w:]+)?$/, (npm) =>
          npm ? `${npm} -- ${flags}` : ` ${flags}`,
        )
        const output = step.output !== undefined ? { output: moved(step.output) } : {}
        serving = await serve({ ...step, ...output, script, where, cwd })
      } else {
        const { code, printed, complaint } = await run(moved(step.script), cwd)
        if ((code === 0) !== (step.kind === 'run')) {
          throw new Error(`${where}: exit code ${code}: ${title}\n${printed}${complaint}`)
        }
        if (step.output !== undefined && !matches(printed, moved(step.output)))
          throw differs(where, step.output, printed)
      }
      say(`${where}: ${title}`)
    }
  } finally {
    if (serving) await stop(serving, file)
    await rm(cwd, { recursive: true, force: true })
  }
  return steps.length
}

/** The marked fences of a README, in order. */
export function stepsOf(text: string): readonly Step[] {
  const fences = [...text.matchAll(/^```([^\n]*)\n(.*?)^```$/gms)]
  return fences.flatMap((fence, i): Step[] => {
    const kind = /^sh (run fails|run|serve)$/.exec(fence[1]!)?.[1]
    if (!kind) return []
    const after = fences[i + 1]
    return [
      {
        line: text.slice(0, fence.index).split('\n').length,
        kind: kind === 'run fails' ? 'fails' : (kind as 'run' | 'serve'),
        script: fence[2]!.trimEnd(),
        ...(after?.[1] === 'output' && { output: after[2]! }),
      },
    ]
  })
}

/** Whether `printed` is what `expected` shows. */
export function matches(printed: string, expected: string): boolean {
  const lines = expected.trim().split('\n')
  const pattern = lines.map((line) =>
    line.trim() === '…' ? '(?:[^\\n]*\\n)*?' : `${line.trimEnd().split('…').map(literal).join('[^\\n]*')}[ \\t]*\\n`,
  )
  return new RegExp(`^\\s*${pattern.join('')}\\s*$`).test(`${printed.trimEnd()}\n`)
}

function literal(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

function differs(where: string, expected: string, printed: string): Error {
  return new Error(`${where}: printed is not what the README shows\n--- README\n${expected}--- printed\n${printed}`)
}

/** A folder that looks like the checkout: what a step writes beside the project's files is not in the project. */
async function copy(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'davy-readme-'))
  for (const name of await readdir(ROOT)) {
    if (!name.startsWith('.')) await symlink(join(ROOT, name), join(folder, name))
  }
  return folder
}

function shell(script: string, cwd: string): ChildProcess {
  // As a reader's shell is: without what npm puts before it.
  const path = (process.env.PATH ?? '').split(':').filter((part) => !/node_modules\/\.bin|node-gyp-bin/.test(part))
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_|DAVY_|NODE_OPTIONS|VITEST)/.test(name)),
  )
  const installed = 'npm() { [ "$1" = ci ] || command npm "$@"; }'
  return spawn('bash', ['-euo', 'pipefail', '-c', `${installed}\n${script}`], {
    cwd,
    env: { ...env, PATH: path.join(':'), NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
}

function collect(child: ChildProcess): { printed: string; complaint: string } {
  const texts = { printed: '', complaint: '' }
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    texts.printed += text
  })
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    texts.complaint += text
  })
  return texts
}

function ending(child: ChildProcess): Promise<number | string | null> {
  return new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal)))
}

async function run(script: string, cwd: string) {
  const child = shell(script, cwd)
  const texts = collect(child)
  const late = setTimeout(() => end(child, 'SIGKILL'), PATIENCE)
  const code = await ending(child)
  clearTimeout(late)
  return { code, ...texts }
}

async function serve({ script, output, where, cwd }: Step & { where: string; cwd: string }): Promise<Serving> {
  const child = shell(script, cwd)
  const texts = collect(child)
  let code: number | string | null | undefined
  const ended = ending(child).then((found) => {
    code = found
  })
  const serving = { child, ended }
  const deadline = Date.now() + PATIENCE
  for (;;) {
    const address = /https?:\/\/127\.0\.0\.1:\d+/.exec(texts.printed)?.[0]
    const ready = address !== undefined && (await fetch(`${address}/readyz`).catch(() => undefined))?.ok
    if (ready && (output === undefined || matches(texts.printed, output))) return serving
    if (code === undefined && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 100))
      continue
    }
    if (code === undefined) await stop(serving, where)
    if (ready && output !== undefined) throw differs(where, output, texts.printed)
    throw new Error(`${where}: does not serve (exit code ${code}): ${script}\n${texts.printed}${texts.complaint}`)
  }
}

async function stop({ child, ended }: Serving, where: string): Promise<void> {
  end(child, 'SIGTERM')
  let stuck = false
  const late = setTimeout(() => {
    stuck = true
    end(child, 'SIGKILL')
  }, PATIENCE / 4)
  await ended
  clearTimeout(late)
  if (stuck) throw new Error(`${where}: the service did not stop when told to`)
}

/** The whole group: npm and shells in between pass no signal on. */
function end(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal)
  } catch {
    // It has ended.
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}

if (import.meta.main) {
  const files =
    process.argv.length > 2 ? process.argv.slice(2) : ['README.md', 'README.zh-CN.md'].map((name) => join(ROOT, name))
  try {
    for (const path of files) {
      const file = basename(path)
      const steps = await runReadme({ file, text: await readFile(path, 'utf8'), say: (line) => console.log(line) })
      console.log(`${file}: ${steps} steps as written`)
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
