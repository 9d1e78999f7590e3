/** `davy test`: rule cases in virtual time; the first failing case is reported whole. */
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { DavyError } from '../../model/errors.ts'
import { runCases } from '../cases.ts'
import { loadConfiguration } from '../configuration.ts'

export async function testCommand(files: readonly string[], { config }: { readonly config: string }): Promise<void> {
  const { installation } = await loadConfiguration(config, { warn: () => {}, secrets: false })
  const found = files.length > 0 ? files : await caseFiles(config)
  if (found.length === 0) {
    throw new DavyError('no-cases', {
      message: 'there are no case files (*.cases.yaml)',
      where: config,
      remedy: 'write some beside the rules: docs/cases.md',
    })
  }
  let passed = 0
  for (const file of found) {
    for (const report of runCases({ text: await textOf(file), file, installation })) {
      if (report.passed) {
        passed += 1
        continue
      }
      const { line, name, report: told } = report
      process.stdout.write(`${file}:${line}: ${name}\n${told}\n${passed} passed, 1 failed\n`)
      process.exitCode = 1
      return
    }
  }
  process.stdout.write(`${passed} passed, 0 failed\n`)
}

/** Every `*.cases.yaml` under a folder, by path. */
export async function caseFiles(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.cases.yaml'))
    .map((entry) => relative('.', join(entry.parentPath, entry.name)))
    .sort()
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    throw new DavyError('input-unreadable', {
      message: code === 'ENOENT' ? 'there is no such file' : message,
      where: file,
      cause,
    })
  }
}
