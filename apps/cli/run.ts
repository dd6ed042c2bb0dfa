import { SealkitError } from '../../src/errors.ts'
import { parseArguments } from './arguments.ts'
import { COMMANDS, commandsOf, findCommand, GROUPS } from './commands.ts'
import { exitCodeFor, Interrupted, usageError } from './errors.ts'
import { ExitCode, type ExitCodeValue } from './exit-codes.ts'
import { groupOverview, helpFor, overview } from './help.ts'
import { interruptible } from './interrupt.ts'
import { type Output, openOutput } from './output.ts'
import { didYouMean } from './suggest.ts'
import { version } from './version.ts'

/** Runs the program and gives its exit code. Nothing is thrown: what goes wrong is told on stderr. */
export async function run(args: readonly string[]): Promise<ExitCodeValue> {
  const output = openOutput(process.stdout, process.stderr)
  try {
    return await interruptible((signal) => dispatch(args, output, signal))
  } catch (error) {
    report(error, output)
    return exitCodeFor(error)
  }
}

async function dispatch(
  args: readonly string[],
  output: Output,
  signal: AbortSignal,
): Promise<ExitCodeValue> {
  const [first] = args
  if (first === undefined) {
    // Not 0: `sealkit $command` with an empty variable has done nothing.
    process.stderr.write(overview())
    return ExitCode.usage
  }
  if (first === '--version' || first === '-V') return await print(`${version()}\n`, output)
  if (first === '--help' || first === '-h' || (first === 'help' && args.length === 1)) {
    return await print(overview(), output)
  }
  const asked = first === 'help' ? args.slice(1) : args
  const found = findCommand(asked)
  if (found === undefined) {
    const [group = '', second] = asked
    const commands = commandsOf(group)
    if (commands.length === 0 || (second !== undefined && second !== '--help' && second !== '-h')) {
      throw unknownCommand(asked)
    }
    if (first === 'help' || second !== undefined) return await print(groupOverview(group, commands), output)
    process.stderr.write(groupOverview(group, commands))
    return ExitCode.usage
  }
  const command = await found.entry.load()
  if (first === 'help') return await print(helpFor(command), output)
  try {
    const parsed = parseArguments(command, found.rest)
    if (parsed.has('help')) return await print(helpFor(command), output)
    return await command.run(parsed, { output, signal }, { commands: COMMANDS, groups: GROUPS })
  } catch (error) {
    if (error instanceof SealkitError && error.code === 'ERR_CLI_USAGE' && error.hint === undefined) {
      throw usageError(error.message, `sealkit help ${command.name} shows the options`)
    }
    throw error
  }
}

async function print(text: string, output: Output): Promise<ExitCodeValue> {
  await output.data(text)
  return ExitCode.good
}

/** What was typed is shown only where it looks like a name: it might be a token that was put there by mistake. */
function unknownCommand([word = '', second]: readonly string[]): Error {
  const names = COMMANDS.map(({ name }) => name)
  const first = second !== undefined && commandsOf(word).length > 0 ? `${word} ${second}` : word
  const shown = /^-{0,2}[a-z-]{1,20}( [a-z0-9-]{1,20})?$/.test(first) ? ` ${first}` : ''
  const what = first.startsWith('-')
    ? `there is no option${shown} before a command`
    : `unknown command${shown}`
  return usageError(`${what}${didYouMean(first, names)}`, 'sealkit --help shows the commands')
}

function report(error: unknown, output: Output): void {
  if (error instanceof Interrupted) return
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof SealkitError) {
    output.say(`sealkit: ${message}`, 'red')
    if (error.hint !== undefined) output.say(`  ${error.hint}`)
  } else {
    output.say(`sealkit: a fault in sealkit itself: ${message}`, 'red')
    output.say('  set SEALKIT_DEBUG=1 to see where, and report it, please')
  }
  if (process.env['SEALKIT_DEBUG'] === '1' && error instanceof Error) {
    for (const line of (error.stack ?? '').split('\n')) output.say(line, 'dim')
  }
}
