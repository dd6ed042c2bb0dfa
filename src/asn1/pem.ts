import { PemError } from '../errors.ts'
import { decodeBase64, encodeBase64 } from './base64.ts'
import { type Line, lineAt, markedLines, toText } from './text.ts'

/** One `-----BEGIN label-----` block. */
export interface PemBlock {
  /** Between BEGIN and the dashes: `CERTIFICATE`, `PRIVATE KEY`, `CMS` ... */
  label: string
  /** The decoded bytes; never empty. */
  der: Uint8Array
  /** RFC 1421 header fields (`Proc-Type`, `DEK-Info`) of the traditional encrypted forms. */
  headers: ReadonlyMap<string, string>
  /** Line of the BEGIN mark, from 1. */
  line: number
}

const DASHES = '-----'
const LABEL = /^(?:[\x21-\x2c\x2e-\x7e](?:[- ]?[\x21-\x2c\x2e-\x7e])*)?$/
// A longer one is no label, and would cost the expression above its stack.
const MAX_LABEL = 256

/**
 * Finds the PEM blocks (RFC 7468) in a text. Liberal where files of the field differ: LF, CRLF or CR, a byte
 * order mark, UTF-16 (with a byte order mark), indentation, white space at line ends, text around and between
 * the blocks, no final line end. Inside a block only RFC 1421 headers and base64 are taken.
 *
 * @param input characters, or the bytes of a file
 * @returns the blocks in their order; none where the text holds no BEGIN mark
 * @throws PemError `ERR_PEM_MALFORMED` for a block without its END mark, with another label there, that is
 *   empty, or whose headers or base64 are damaged; TypeError for another type of input
 * @example
 * ```ts
 * import { decodePem } from 'sealkit/asn1'
 * const [block] = decodePem('-----BEGIN X-----\nAQI=\n-----END X-----')
 * // block.label 'X', block.der 01 02
 * ```
 */
export function decodePem(input: string | Uint8Array): PemBlock[] {
  const text = toText(input)
  const blocks: PemBlock[] = []
  let begin: Line | undefined
  let label = ''
  for (const mark of markedLines(text, DASHES)) {
    if (begin === undefined) {
      const found = labelOf(mark.text)
      if (found === undefined) continue
      begin = mark
      label = found
      continue
    }
    if (mark.text !== `-----END ${label}-----`) {
      throw new PemError(`line ${mark.number} should be -----END ${label}-----`, begin.number)
    }
    blocks.push(decodeBlock(label, text.slice(begin.end, mark.start), begin.number))
    begin = undefined
  }
  if (begin !== undefined) throw new PemError(`-----END ${label}----- is missing`, begin.number)
  return blocks
}

/** Label of a BEGIN mark; undefined where the line is none. */
function labelOf(line: string): string | undefined {
  if (!line.startsWith('-----BEGIN ') || !line.endsWith(DASHES)) return undefined
  const label = line.slice('-----BEGIN '.length, -DASHES.length)
  return line.length >= '-----BEGIN -----'.length && label.length <= MAX_LABEL && LABEL.test(label)
    ? label
    : undefined
}

function decodeBlock(label: string, body: string, line: number): PemBlock {
  const headers = new Map<string, string>()
  let at = 0
  if (lineAt(body, 0).text.includes(':')) {
    for (;;) {
      const { text, end } = lineAt(body, at)
      at = end
      if (text === '') break
      const colon = text.indexOf(':')
      const name = text.slice(0, Math.max(colon, 0))
      if (name === '' || /[^A-Za-z0-9-]/.test(name)) {
        throw new PemError('malformed header lines (an empty line must follow them)', line)
      }
      headers.set(name, text.slice(colon + 1).trim())
    }
  }
  // White space of any kind: text pasted from a document has no-break spaces.
  const der = decodeBase64(body.slice(at).replace(/\s+/g, ''))
  if (der === undefined) throw new PemError('the base64 is damaged', line)
  if (der.length === 0) throw new PemError('the block is empty', line)
  return { label, der, headers, line }
}

/**
 * Writes one PEM block as RFC 7468 section 3 asks: lines of 64 characters, LF, a final line end.
 *
 * @param label e.g. `CERTIFICATE`, `CMS`: printable ASCII, without hyphens or spaces at the ends or doubled
 * @param der the bytes; must not be empty
 * @throws TypeError where the label is none of RFC 7468's form, or there are no bytes
 * @example
 * ```ts
 * import { encodePem } from 'sealkit/asn1'
 * encodePem('X', Uint8Array.of(1, 2)) // '-----BEGIN X-----\nAQI=\n-----END X-----\n'
 * ```
 */
export function encodePem(label: string, der: Uint8Array): string {
  if (typeof label !== 'string' || label.length > MAX_LABEL || !LABEL.test(label)) {
    throw new TypeError(`not a PEM label: ${JSON.stringify(label)}`)
  }
  if (!(der instanceof Uint8Array) || der.length === 0) throw new TypeError('der must be bytes, one at least')
  const lines = encodeBase64(der).replace(/.{64}(?=.)/g, '$&\n')
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`
}
