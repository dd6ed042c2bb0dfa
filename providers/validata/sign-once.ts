import { ToolError } from '../../src/errors.ts'
import type { Certificate } from '../../src/x509/index.ts'
import { diagnose, spokenBy, type ToolWords, withQuotation } from './diagnosis/diagnose.ts'
import { type Redact, redactor } from './diagnosis/redact.ts'
import { isWholeMessage, type JudgedSignature, judgeOutput } from './judge/judge-output.ts'
import type { CheckedSettings, ValidataFamily } from './options.ts'
import { readFileEnd } from './run/read-file.ts'
import { type RunOptions, runTool, type ToolRun } from './run/run-tool.ts'
import { MAX_OUTPUT, waitForOutput } from './run/wait-for-output.ts'
import { WorkFolder } from './run/work-folder.ts'
import { toolArguments } from './tool/arguments.ts'
import type { ToolCommand } from './tool/command.ts'

/** Bytes of the tool's log that are looked at. */
const MAX_LOG = 64 * 1024

/** All that signing needs, found and checked. */
export interface SigningSetup {
  readonly settings: CheckedSettings
  readonly command: ToolCommand
  readonly family: ValidataFamily
  /** The signer's certificate must be one of them; undefined: any. */
  readonly certificates: readonly Certificate[] | undefined
  readonly temporaryFolder: string
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** Is told what happened, for a report. */
export interface Observer {
  ran?(run: ToolRun, words: ToolWords): void
  wrote?(output: Uint8Array): void
}

/** One signature: the content into a private folder, the tool, its output judged, the folder gone. */
export async function signOnce(
  setup: SigningSetup,
  content: Uint8Array,
  { signal, observer }: { signal: AbortSignal | undefined; observer?: Observer },
): Promise<JudgedSignature> {
  const { settings, command } = setup
  const redact = redactor(content, setup.environment)
  using folder = WorkFolder.make(setup.temporaryFolder)
  const files = { data: folder.at('token'), out: folder.at('token.p7d'), log: folder.at('log.txt') }
  await folder.write('token', content)
  const seen = { data: command.seen(files.data), out: command.seen(files.out), log: command.seen(files.log) }
  const run = await runCommand(setup, toolArguments(settings, seen), settings.timeout, signal)
  const log = readFileEnd(files.log, MAX_LOG)?.bytes
  const words = { stdout: run.stdout, stderr: run.stderr, log }
  observer?.ran?.(run, words)
  if (run.timedOut) throw timedOut(setup, words, redact)
  if (run.code !== 0) throw failed(command, run, words, redact)
  const output = await waitForOutput(files.out, {
    wait: settings.outputWait,
    signal,
    isWhole: isWholeMessage,
  })
  if (output === undefined) throw noOutput(command, words, redact)
  if (output.size > MAX_OUTPUT) throw tooLarge(output.size)
  observer?.wrote?.(output.bytes)
  try {
    const { family, certificates } = setup
    return await judgeOutput(output.bytes, { content, family, certificates, signal })
  } catch (error) {
    throw error instanceof ToolError ? withWords(error, words, redact) : error
  }
}

/** Starts the tool, told in words where it cannot be. */
export async function runCommand(
  { settings, command, environment }: SigningSetup,
  args: readonly string[],
  timeout: number,
  signal: AbortSignal | undefined,
): Promise<ToolRun> {
  const options: RunOptions = {
    args: [...command.before, ...command.passed(args)],
    cwd: settings.workingDirectory,
    env: environment,
    timeout,
    signal,
  }
  try {
    return await runTool(command.file, options)
  } catch (cause) {
    if (signal?.aborted === true) throw cause
    throw notStarted(command, cause)
  }
}

function notStarted({ file }: ToolCommand, cause: unknown): ToolError {
  const { code = '' } = cause as NodeJS.ErrnoException
  const hint =
    code === 'ENOENT'
      ? 'is it for this machine (32 or 64 bits), and is the working directory there?'
      : 'is it a program for this system, and may this user execute it?'
  // Not the cause's own words: they may repeat all arguments.
  return new ToolError('ERR_TOOL_NOT_FOUND', `${file} cannot be started${code && `: ${code}`}`, { hint })
}

function timedOut({ settings, command }: SigningSetup, words: ToolWords, redact: Redact): ToolError {
  const said = spokenBy(words, redact)
  const message = `${command.name} was ended after ${settings.timeout / 1000} s without an answer`
  const hint = settings.silent
    ? 'it may wait for a PIN, a key medium or a dialog that nobody sees: run it by hand once; a longer timeout= can be given'
    : 'a message box may wait for an answer: leave -silent on (silent=true), run it by hand once to see'
  return new ToolError('ERR_TOOL_TIMEOUT', withQuotation(message, said), { hint })
}

function failed(
  { name }: ToolCommand,
  { code, signal }: ToolRun,
  words: ToolWords,
  redact: Redact,
): ToolError {
  const how = code === null ? `was ended by ${signal}` : `ended with exit code ${code}`
  const hint = 'run sealkit validata test, which shows what the tool says; its exit codes are not published'
  return diagnose({ code: 'ERR_TOOL_FAILED', message: `${name} ${how}`, hint }, spokenBy(words, redact))
}

function noOutput({ name }: ToolCommand, words: ToolWords, redact: Redact): ToolError {
  const message = `${name} ended well and wrote no signature`
  const hint = 'give it longer (output-wait=30s), or see by hand whether it takes these options'
  return diagnose({ code: 'ERR_TOOL_NO_OUTPUT', message, hint }, spokenBy(words, redact))
}

function tooLarge(size: number): ToolError {
  const hint = 'a detached signature has some kilobytes: is -detached taken by this tool?'
  return new ToolError('ERR_TOOL_OUTPUT_REFUSED', `the tool wrote ${size} bytes, too many for a signature`, {
    hint,
  })
}

function withWords(error: ToolError, words: ToolWords, redact: Redact): ToolError {
  const said = spokenBy(words, redact)
  if (said === '') return error
  const { code, hint, cause } = error
  return new ToolError(code, withQuotation(error.message, said), { hint, cause })
}
