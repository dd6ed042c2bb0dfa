import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { arch, platform, release } from 'node:os'
import { SealkitError } from '../../src/errors.ts'
import { decodeText } from './diagnosis/decode-text.ts'
import { prepareSetup } from './open-validata-signer.ts'
import type { ValidataOptions } from './options.ts'
import { depersonalise } from './report/depersonalise.ts'
import { describeSignature, type ReportedSignature } from './report/describe-signature.ts'
import { sweepLeftovers } from './run/sweep.ts'
import { runCommand, type SigningSetup, signOnce } from './sign-once.ts'
import { toolArguments } from './tool/arguments.ts'

/** One step of {@link testValidata}. */
export interface ReportStep {
  readonly step: 'settings and tool' | 'help' | 'signature' | 'second signature'
  readonly ok: boolean
  readonly milliseconds: number
  /** What came out, or what went wrong. */
  readonly detail: string
  /** Code of the error: `ERR_TOOL_PROFILE`. */
  readonly code?: string
  /** The way out. */
  readonly hint?: string
}

/** The tool that was found, and what it says. */
export interface ReportedTool {
  readonly path: string
  /** SHA-256 of the program in hexadecimal, which tells its version; null where it is not on this machine. */
  readonly sha256: string | null
  readonly family: string
  /** What is started to sign, with the names of the files left out. */
  readonly commandLine: readonly string[]
  /** The tool's answer to -help: null where it was not asked. */
  readonly help: string | null
  /** What the tool said when it signed, with the encoding of each. */
  readonly said: readonly { readonly where: string; readonly encoding: string; readonly text: string }[]
  readonly exitCode: number | null
}

/** What {@link testValidata} found out. Names of people, profiles, machines and folders are taken out. */
export interface ValidataReport {
  /** Everything that MOEX needs works. */
  readonly ok: boolean
  readonly system: {
    readonly platform: string
    readonly release: string
    readonly arch: string
    readonly node: string
  }
  readonly tool: ReportedTool | null
  readonly steps: readonly ReportStep[]
  readonly signature: ReportedSignature | null
}

const TEXT = 'sealkit: a text to prove that this machine can sign'
/** The tool may show a message box instead. */
const HELP_TIMEOUT = 10_000
const HELP_LENGTH = 8000

/**
 * Proves a set-up on this machine: finds the tool, asks it for help, signs a text twice and judges what comes back.
 * What goes wrong is in the report, which can be sent to others.
 *
 * @throws TypeError for an option of a wrong type; the signal's reason
 * @example
 * ```ts
 * import { testValidata } from 'sealkit/providers/validata'
 * const report = await testValidata({ key: 'validata:profile=Ivanov' })
 * if (!report.ok) console.error(report.steps.at(-1)?.detail)
 * ```
 */
export async function testValidata(options: ValidataOptions = {}): Promise<ValidataReport> {
  const steps: ReportStep[] = []
  const facts: Facts = { said: [], exitCode: null, help: null, signature: null }
  const step = async <T>(name: ReportStep['step'], work: () => Promise<{ detail: string; value: T }>) => {
    const start = performance.now()
    const done = (rest: Omit<ReportStep, 'step' | 'milliseconds'>): void => {
      steps.push({ step: name, milliseconds: Math.round(performance.now() - start), ...rest })
    }
    try {
      const { detail, value } = await work()
      done({ ok: true, detail })
      return value
    } catch (error) {
      if (options.signal?.aborted === true || !(error instanceof SealkitError)) throw error
      done({ ok: false, detail: error.message, code: error.code, ...(error.hint && { hint: error.hint }) })
      return undefined
    }
  }
  const setup = await step('settings and tool', () => findSetup(options))
  if (setup !== undefined) {
    if (setup.settings.arguments === undefined)
      await step('help', () => askForHelp(setup, facts, options.signal))
    const signed = await step('signature', () => signAndDescribe(setup, facts, options.signal))
    if (signed === true) await step('second signature', () => signAgain(setup, options.signal))
  }
  const report: ValidataReport = {
    ok: setup !== undefined && steps.every((each) => each.ok || each.step === 'help'),
    system: { platform: platform(), release: release(), arch: arch(), node: process.versions.node },
    tool: setup === undefined ? null : await describeTool(setup, facts),
    steps,
    signature: facts.signature,
  }
  return depersonalise(report, options, setup)
}

interface Facts {
  said: ReportedTool['said']
  exitCode: number | null
  help: string | null
  signature: ReportedSignature | null
}

interface Outcome<T> {
  readonly detail: string
  readonly value: T
}

async function findSetup(options: ValidataOptions): Promise<Outcome<SigningSetup>> {
  const setup = await prepareSetup(options)
  const swept = await sweepLeftovers(setup.temporaryFolder)
  const { command, family } = setup
  const left = swept === 0 ? '' : `; ${swept} folders of killed runs were removed`
  return { detail: `${command.tool}, for ${family}${left}`, value: setup }
}

async function askForHelp(
  setup: SigningSetup,
  facts: Facts,
  signal: AbortSignal | undefined,
): Promise<Outcome<undefined>> {
  const { code, stdout, stderr, timedOut } = await runCommand(setup, ['-help'], HELP_TIMEOUT, signal)
  const { text, encoding } = decodeText(Buffer.concat([stdout, stderr]))
  facts.help = text.slice(0, HELP_LENGTH)
  const ended = timedOut ? 'was ended, perhaps it shows a window' : `exit code ${code}`
  return { detail: `${ended}; ${text.length} characters in ${encoding}`, value: undefined }
}

async function signAndDescribe(
  setup: SigningSetup,
  facts: Facts,
  signal: AbortSignal | undefined,
): Promise<Outcome<true>> {
  const content = new TextEncoder().encode(TEXT)
  let output: Uint8Array = new Uint8Array()
  const judged = await signOnce(setup, content, {
    signal,
    observer: {
      ran(run, words) {
        facts.exitCode = run.code
        facts.said = Object.entries(words).flatMap(([where, bytes]: [string, Uint8Array | undefined]) =>
          bytes === undefined || bytes.length === 0 ? [] : [{ where, ...decodeText(bytes) }],
        )
      },
      wrote(bytes) {
        output = bytes
      },
    },
  })
  facts.signature = describeSignature(judged, output)
  const { algorithm, encoding, bytes } = facts.signature
  return { detail: `${algorithm}, ${encoding}, ${bytes} bytes; it verifies over the text`, value: true }
}

async function signAgain(setup: SigningSetup, signal: AbortSignal | undefined): Promise<Outcome<undefined>> {
  await signOnce(setup, new TextEncoder().encode(`${TEXT} again`), { signal })
  return { detail: 'it verifies too', value: undefined }
}

async function describeTool(
  { settings, command, family }: SigningSetup,
  { help, said, exitCode }: Facts,
): Promise<ReportedTool> {
  const bytes = await readFile(command.tool).catch(() => undefined)
  const sha256 = bytes === undefined ? null : createHash('sha256').update(bytes).digest('hex')
  const args = toolArguments(settings, { data: 'DATA', out: 'OUT', log: 'LOG' })
  const commandLine = [command.file, ...command.before, ...args]
  return { path: command.tool, sha256, family, commandLine, help, said, exitCode }
}
