/** The command line: one line a command; what each does lives in src/app/commands and is loaded only when asked for. */
import { readFileSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { Command, CommanderError, Option } from 'commander'
import { DavyError } from './model/errors.ts'

// The second start finds every module compiled.
enableCompileCache()

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }

const program = new Command('davy')
  .description('Holds safety telemetry against the regulations and puts alarms on duty desks. 安全监测与规程核对')
  .version(version)
  .exitOverride()
  .showHelpAfterError(false)
  .configureOutput({
    // Bad usage is told in one line, commander's second thoughts included.
    outputError: (text, write) => write(text.replace(/^error: /, 'davy: ').replace(/\n(?=\()/g, ' ')),
  })

const port = (text: string) => {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0 || value > 65_535)
    throw new CommanderError(2, 'port', `davy: not a port: ${text}`)
  return value
}
const positive = (text: string) => {
  const value = Number(text)
  if (!(value > 0)) throw new CommanderError(2, 'number', `davy: not a number above 0: ${text}`)
  return value
}
const integer = (text: string) => {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new CommanderError(2, 'integer', `davy: not a whole number: ${text}`)
  return value
}
const config = () =>
  new Option('--config <dir>', 'configuration folder: davy.yaml, sites/, rules/').makeOptionMandatory()
const listeners = (command: Command) =>
  command
    .option('--host <address>', 'address the API and the page listen on (default: 127.0.0.1, or `listen.host`)')
    .option('--insecure', 'let other machines in without TLS: for a network that is trusted')
    .option('--port <n>', 'port of the API and the page; 0 picks a free one', port)
    .option('--mqtt-port <n>', 'port of the embedded MQTT broker; 0 picks a free one', port)
    .option('--opcua-port <n>', 'port of the OPC UA server, where it is enabled; 0 picks a free one', port)
    .option('--json', 'log as JSON Lines; the first line of output gives the addresses')

listeners(
  program
    .command('demo')
    .description('run everything embedded on the example configuration, with simulators on real sockets')
    .option('--data <dir>', 'data folder (default: a fresh temporary one)')
    .option('--speed <n>', 'how many times faster than life the scenarios play', positive, 1)
    .option('--seed <n>', 'seed of the simulators', integer, 1),
).action(async (options) => (await import('./app/commands/demo.ts')).demo(options))

listeners(
  program
    .command('start')
    .description('run the service')
    .addOption(config())
    .requiredOption('--data <dir>', 'data folder: journal, alarms, history, accounts'),
).action(async (options) => (await import('./app/commands/start.ts')).start(options))

program
  .command('simulate')
  .description('play a scenario against a running service over the real protocols')
  .argument('[scenario]', 'its name; left out: list the scenarios')
  .option('--config <dir>', 'configuration of the service', 'config')
  .option('--mqtt <url>', 'broker of the service', 'mqtt://127.0.0.1:1883')
  .option('--user <name>', 'MQTT user')
  .option('--speed <n>', 'how many times faster than life', positive, 1)
  .option('--seed <n>', 'seed', integer, 1)
  .action(async (scenario, options) => (await import('./app/commands/simulate.ts')).simulate(scenario, options))

program
  .command('replay')
  .description('readings and commands in, transitions out, as JSON Lines; no network, no clock')
  .addOption(config())
  .option('--input <file>', 'JSON Lines of readings and commands; - for standard input')
  .option('--data <dir>', "the service's data folder: replay its journal (back-test)")
  .option('--until <time>', 'let the clock run on to this instant after the last line')
  .option('--from <time>', 'with --data: print transitions from this instant on')
  .option('--to <time>', 'with --data: stop at this instant')
  .option('--hazards', 'print the steps of the hazard ledger instead of transitions')
  .option('--diff', 'with --data: say what would be raised in addition, no longer, earlier or later than it was')
  .option('--json', 'with --diff: as JSON')
  .option('--output <file>', 'write there instead of standard output')
  .option(
    '--trace <rule:key>',
    'say on standard error what a rule or item saw of a key, said, and why it did or did not fire',
  )
  .action(async (options) => (await import('./app/commands/replay.ts')).replayCommand(options))

program
  .command('check')
  .description('lint a configuration: every problem at once, with file, line and column')
  .addOption(config())
  .action(async (options) => (await import('./app/commands/check.ts')).checkCommand(options))

program
  .command('test')
  .description('run rule cases (*.cases.yaml) in virtual time')
  .addOption(config())
  .argument('[files...]', 'case files (default: every one under the configuration folder)')
  .action(async (files, options) => (await import('./app/commands/test.ts')).testCommand(files, options))

program
  .command('explain')
  .description(
    'the evidence of an alarm: readings, rule, clause, state, and whether a re-run gives the same, byte for byte',
  )
  .argument('[alarm]', "the alarm's id: site/rule/key")
  .option('--data <dir>', "the service's data folder")
  .option('--episode <n>', 'which episode (default: the latest)', integer)
  .option('--output <file>', 'write the sealed bundle there')
  .option('--bundle <file>', 'check a bundle instead, without data folder or network')
  .action(async (alarm, options) => (await import('./app/commands/explain.ts')).explainCommand(alarm, options))

program
  .command('verify')
  .description("check the audit log's hash chain and the journal's checksums; name the first broken record")
  .requiredOption('--data <dir>', "the service's data folder")
  .action(async (options) => (await import('./app/commands/verify.ts')).verifyCommand(options))

program
  .command('coverage')
  .description('clause × rule × case × live point: what the regulations ask for and what is watched')
  .addOption(config())
  .option('--json', 'as JSON')
  .option('--strict', 'exit 1 where a clause has no live point')
  .action(async (options) => (await import('./app/commands/coverage.ts')).coverageCommand(options))

program
  .command('hash-password')
  .description('read a password from standard input and print its hash, for `mqtt: users:` in davy.yaml')
  .action(async () => (await import('./app/commands/hash-password.ts')).hashPasswordCommand())

const discover = program
  .command('discover')
  .description('look at what a source offers, and write a site file to start from')
discover
  .command('mine-files')
  .description("out of a folder of a mine's text files (RYXX, RYQY, RYJZ, CDDY, …): areas, points, people")
  .argument('<dir>', 'the folder; its done/ is looked into as well')
  .requiredOption('--site <id>', 'id of the site to propose')
  .option('--mine <code>', 'which mine, where files of several lie there')
  .addOption(
    new Option('--dialect <name>', 'how the files are written')
      .choices(['national', 'inner-mongolia', 'kj1031x'])
      .default('national'),
  )
  .option('--output <dir>', 'configuration folder to write sites/{id}.yaml and the people file into (default: print)')
  .action(async (dir, options) => (await import('./app/commands/discover.ts')).discoverMineFiles(dir, options))
discover
  .command('opcua')
  .description("out of an OPC UA server's address space: points, with kinds guessed, and the source that reads them")
  .argument('<url>', 'opc.tcp://host:port')
  .option('--site <id>', 'id of the site to propose', 'site')
  .addOption(new Option('--security <policy>').choices(['None', 'Basic256Sha256']).default('None'))
  .option('--user <name>', 'log in by name')
  .option('--password-file <file>', "file that holds the user's password")
  .option('--certificates <dir>', 'folder of own, trusted and rejected certificates')
  .option('--start <node>', 'node to begin at', 'i=85')
  .option('--most <n>', 'variables to look at, at most', integer, 5_000)
  .option('--output <dir>', 'configuration folder to write sites/{id}.yaml into (default: print)')
  .action(async (url, options) => (await import('./app/commands/discover-opcua.ts')).discoverOpcua(url, options))

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) {
    const asked =
      error.code === 'commander.helpDisplayed' || error.code === 'commander.version' || error.code === 'commander.help'
    if (!error.code.startsWith('commander.')) process.stderr.write(`${error.message}\n`)
    process.exitCode = asked ? 0 : 2
  } else if (error instanceof DavyError && error.code === 'usage') {
    process.stderr.write(`davy: ${error.message}${error.remedy ? ` (${error.remedy})` : ''}\n`)
    process.exitCode = 2
  } else if (error instanceof DavyError) {
    const where = error.where ? `${error.where}: ` : ''
    process.stderr.write(
      `davy: ${where}${error.message} [${error.code}]${error.remedy ? `\n      ${error.remedy}` : ''}\n`,
    )
    process.exitCode = 1
  } else {
    process.stderr.write(`davy: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
    process.exitCode = 1
  }
}
