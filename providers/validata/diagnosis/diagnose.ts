import { ToolError, type ToolErrorCode } from '../../../src/errors.ts'
import { printable } from '../../../src/x509/printable.ts'
import { decodeText } from './decode-text.ts'
import { FINDINGS, type Finding } from './findings.ts'
import type { Redact } from './redact.ts'

/** Longest quotation of a tool. */
const QUOTED = 400

/** What a tool left to be read: bytes in whatever encoding. */
export interface ToolWords {
  readonly stdout: Uint8Array
  readonly stderr: Uint8Array
  /** Of the file that -silent names. */
  readonly log: Uint8Array | undefined
}

/** What the tool said, redacted and in one line; '' where it said nothing. */
export function spokenBy({ log, stderr, stdout }: ToolWords, redact: Redact): string {
  const texts = [log, stderr, stdout].map((bytes) => (bytes === undefined ? '' : decodeText(bytes).text))
  const lines = texts.flatMap((text) => redact(text).split(/[\r\n\0]+/))
  // (00000000) is Validata's "no error".
  const worth = lines.map((line) => line.trim()).filter((line) => line !== '' && !line.includes('(00000000)'))
  return printable([...new Set(worth)].join(' / '))
}

/** What a tool's words mean, where they are known. */
function findingOf(said: string): Finding | undefined {
  return FINDINGS.find(({ patterns }) => patterns.some((pattern) => pattern.test(said)))
}

/**
 * The error of a run that gave no signature.
 *
 * @param happened what is known without the tool's words
 */
export function diagnose(
  happened: { code: ToolErrorCode; message: string; hint: string },
  said: string,
): ToolError {
  const finding = findingOf(said)
  const message = finding === undefined ? happened.message : `${happened.message}: ${finding.meaning}`
  const hint = finding?.hint ?? happened.hint
  return new ToolError(finding?.code ?? happened.code, withQuotation(message, said), { hint })
}

/** A message with what the tool said. */
export function withQuotation(message: string, said: string): string {
  if (said === '') return message
  const quoted = said.length > QUOTED ? `${said.slice(0, QUOTED)}…` : said
  return `${message}. It said: ${quoted}`
}
