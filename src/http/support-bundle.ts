import { release, type } from 'node:os'
import { SealkitError } from '../errors.ts'
import { printable } from '../x509/printable.ts'
import { commandLine } from './redact/command-line.ts'
import { Redactor } from './redact.ts'
import type { TraceRecorder } from './trace-recorder.ts'
import { ownUserAgent } from './user-agent.ts'

/** Options of {@link supportBundle}. */
export interface SupportBundleOptions {
  /** The command as it was given, word by word: `['sealkit', 'clearstream', 'token']`. */
  command: readonly string[]
  recorder: TraceRecorder
  /** Names and versions of what took part. Default: sealkit, Node, OpenSSL and the operating system. */
  versions?: Readonly<Record<string, string>> | undefined
  /** What it ended with. */
  error?: unknown
  /** Sentences, one a line. */
  notes?: readonly string[] | undefined
  /** What to leave out, beside what is left out already. */
  redactor?: Redactor | undefined
  /** When it is made, in milliseconds since 1970. Default: now. */
  now?: number | undefined
}

/**
 * A text with what a platform's support asks for: times, the command, versions, each request and answer, the error.
 * Secrets are left out; names of hosts, users and certificates are not.
 *
 * @example
 * ```ts
 * import { writeFileSync } from 'node:fs'
 * import { createTransport, supportBundle, TraceRecorder } from 'sealkit/http'
 * const recorder = new TraceRecorder()
 * await using http = createTransport({ ca: 'system', trace: recorder.trace })
 * try {
 *   await http.fetch('https://api.clearstream.com/')
 * } catch (error) {
 *   writeFileSync('bundle.txt', supportBundle({ command: process.argv, recorder, error }), { mode: 0o600 })
 * }
 * ```
 */
export function supportBundle(options: SupportBundleOptions): string {
  const { command, recorder, error, notes = [], redactor = new Redactor(), now = Date.now() } = options
  const parts = [
    section('sealkit support bundle', timeLines(new Date(now))),
    section('Command', [commandLine(command, redactor)]),
    section('Versions', Object.entries(options.versions ?? ownVersions()).map(pair)),
    section('Error', error === undefined ? ['none'] : errorLines(error).map((line) => redactor.text(line))),
    ...(notes.length === 0
      ? []
      : [
          section(
            'Notes',
            notes.map((note) => redactor.text(note)),
          ),
        ]),
  ]
  const head = parts.join('\n').split('\n').map(printable).join('\n')
  // Event by event it was redacted already, and its lines hold nothing that drives a terminal.
  const trace = recorder.events.length === 0 ? 'none\n' : recorder.text()
  const marks = '(* what happened, > < heads and } { bodies of request and answer; times are UTC)'
  return `${head}\n${section('Requests and answers', [marks])}${trace}`
}

function section(title: string, lines: readonly string[]): string {
  return `${title}\n${'-'.repeat(title.length)}\n${lines.map((line) => `${line}\n`).join('')}`
}

function pair([name, value]: [string, string]): string {
  return `${name}: ${value}`
}

function ownVersions(): Record<string, string> {
  return {
    sealkit: ownUserAgent().slice('sealkit/'.length),
    node: process.version,
    openssl: process.versions.openssl,
    system: `${type()} ${release()} ${process.arch}`,
  }
}

function timeLines(made: Date): string[] {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  return [`made, UTC: ${made.toISOString()}`, `made, local: ${localTime(made)} (${timeZone})`]
}

/** As toISOString, by the local clock and with its distance from UTC. */
function localTime(time: Date): string {
  const minutes = -time.getTimezoneOffset()
  const local = new Date(time.getTime() + minutes * 60_000).toISOString().slice(0, -1)
  const two = (number: number) => String(Math.floor(number)).padStart(2, '0')
  return `${local}${minutes < 0 ? '-' : '+'}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`
}

/** The error and its causes. */
function errorLines(error: unknown): string[] {
  const lines: string[] = []
  for (let at: unknown = error, depth = 0; at !== undefined && depth < 5; depth++) {
    lines.push(
      `${depth === 0 ? '' : 'caused by: '}${codeOf(at)}${at instanceof Error ? at.message : String(at)}`,
    )
    if (at instanceof SealkitError) lines.push(...detailLines(at))
    at = at instanceof Error ? at.cause : undefined
  }
  return lines
}

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown }
  return typeof code === 'string' ? `${code}: ` : ''
}

function detailLines(error: SealkitError): string[] {
  const { phase, status, answer } = error as { phase?: string; status?: number; answer?: string }
  return [
    ...(phase === undefined ? [] : [`phase: ${phase}`]),
    ...(status === undefined ? [] : [`status: ${status}`]),
    ...(error.hint === undefined ? [] : [`hint: ${error.hint}`]),
    ...(answer === undefined || answer === ''
      ? []
      : ['answer:', ...answer.split(/\r\n|\r|\n/).slice(0, 200)]),
  ]
}
