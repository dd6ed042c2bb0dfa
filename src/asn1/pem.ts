import { PemError } from '../errors.ts'
import { decodeBase64, encodeBase64 } from './base64.ts'

/** One `-----BEGIN label-----` block. */
export interface PemBlock {
  /** Between BEGIN and the dashes: `CERTIFICATE`, `PRIVATE KEY`, `CMS` ... */
  label: string
  /** The decoded bytes. */
  der: Uint8Array
  /** RFC 1421 header fields (`Proc-Type`, `DEK-Info`) of the traditional encrypted forms. */
  headers: ReadonlyMap<string, string>
  /** Line of the BEGIN mark, from 1. */
  line: number
}

const BEGIN = /^-----BEGIN ([\x20-\x7e]*?)-----$/
const LABEL = /^(?:[\x21-\x2c\x2e-\x7e](?:[- ]?[\x21-\x2c\x2e-\x7e])*)?$/

/**
 * Finds the PEM blocks (RFC 7468) in a text. Liberal where files of the field differ: LF, CRLF or CR, a byte
 * order mark, UTF-16, indentation, white space at line ends, text around and between the blocks, no final
 * line end. Inside a block only RFC 1421 headers and base64 are taken.
 *
 * @param input characters, or the bytes of a file
 * @returns the blocks in their order; none where the text holds no BEGIN mark
 * @throws PemError `ERR_PEM_MALFORMED` for a block without its END mark, with another label there, or whose
 *   base64 is damaged
 * @example
 * ```ts
 * import { decodePem } from 'sealkit/asn1'
 * const [block] = decodePem('-----BEGIN X-----\nAQI=\n-----END X-----')
 * // block.label 'X', block.der 01 02
 * ```
 */
export function decodePem(input: string | Uint8Array): PemBlock[] {
  const lines = toText(input).split(/\r\n|\n|\r/)
  const blocks: PemBlock[] = []
  for (let i = 0; i < lines.length; i++) {
    const label = BEGIN.exec((lines[i] as string).trim())?.[1]
    if (label === undefined || !LABEL.test(label)) continue
    const end = findEnd(lines, i, label)
    blocks.push(decodeBlock(label, lines.slice(i + 1, end), i + 1))
    i = end
  }
  return blocks
}

/** Characters of a file: UTF-16 with a byte order mark, else UTF-8 with bad sequences replaced. */
function toText(input: string | Uint8Array): string {
  if (typeof input === 'string') return input.replace(/^\ufeff/, '')
  const encoding =
    input[0] === 0xff && input[1] === 0xfe
      ? 'utf-16le'
      : input[0] === 0xfe && input[1] === 0xff
        ? 'utf-16be'
        : 'utf-8'
  return new TextDecoder(encoding).decode(input)
}

function findEnd(lines: readonly string[], begin: number, label: string): number {
  for (let i = begin + 1; i < lines.length; i++) {
    const line = (lines[i] as string).trim()
    if (!line.startsWith('-----')) continue
    if (line === `-----END ${label}-----`) return i
    throw new PemError(`line ${i + 1} should be -----END ${label}-----`, begin + 1)
  }
  throw new PemError(`-----END ${label}----- is missing`, begin + 1)
}

function decodeBlock(label: string, lines: readonly string[], line: number): PemBlock {
  const headers = new Map<string, string>()
  let body = 0
  if ((lines[0] ?? '').includes(':')) {
    for (; body < lines.length && (lines[body] as string).trim() !== ''; body++) {
      const [, name, value] = /^\s*([A-Za-z0-9-]+):\s*(.*?)\s*$/.exec(lines[body] as string) ?? []
      if (name === undefined) throw new PemError('malformed header lines (an empty line must follow them)', line)
      headers.set(name, value as string)
    }
  }
  const der = decodeBase64(lines.slice(body).join(''))
  if (der === undefined) throw new PemError('the base64 is damaged', line)
  if (der.length === 0) throw new PemError('the block is empty', line)
  return { label, der, headers, line }
}

/**
 * Writes one PEM block as RFC 7468 section 3 asks: lines of 64 characters, LF, a final line end.
 *
 * @param label e.g. `CERTIFICATE`, `CMS`
 * @throws TypeError where the label is none of RFC 7468's form
 * @example
 * ```ts
 * import { encodePem } from 'sealkit/asn1'
 * encodePem('X', Uint8Array.of(1, 2)) // '-----BEGIN X-----\nAQI=\n-----END X-----\n'
 * ```
 */
export function encodePem(label: string, der: Uint8Array): string {
  if (!LABEL.test(label)) throw new TypeError(`not a PEM label: ${JSON.stringify(label)}`)
  const lines = encodeBase64(der).replace(/.{64}(?=.)/g, '$&\n')
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`
}
