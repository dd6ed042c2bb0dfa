import { decodeBase64, decodePem, Tag } from '../asn1/index.ts'
import { CredentialError } from '../errors.ts'
import { overLimit, reading } from './errors.ts'
import { KIND_OF_LABEL, type Kind } from './kinds.ts'
import type { Bounds } from './limits.ts'
import { recognise } from './recognise.ts'

/** One thing found in an input: the file itself where it is DER, or a PEM block. */
export interface Part {
  /** By content; where that is encrypted or damaged, by the PEM label. Undefined for what is not known. */
  readonly kind: Kind | undefined
  readonly bytes: Uint8Array
  /** PEM label, '' for DER. */
  readonly label: string
  /** RFC 1421 header fields of a PEM block. */
  readonly headers: ReadonlyMap<string, string>
  /** Line of the BEGIN mark, from 1; undefined for DER. */
  readonly line: number | undefined
  /** The bytes were made here, not given by the caller: they may be overwritten after use. */
  readonly owned: boolean
}

/**
 * Takes an input apart: PEM (with text around it, in UTF-8 or UTF-16), DER, or the base64 of DER without marks.
 * What it is, its content says.
 *
 * @param what what is looked for, for errors
 * @throws CredentialError `ERR_CREDENTIAL_FORMAT` where it is empty, or PEM that is damaged;
 *   `ERR_CREDENTIAL_LIMIT` where it is too large
 */
export function takeApart(input: Uint8Array | string, what: string, bounds: Bounds): Part[] {
  if (typeof input !== 'string' && !(input instanceof Uint8Array)) {
    throw new TypeError(`${what}: PEM text or a Uint8Array is needed`)
  }
  if (input.length > bounds.maxBytes) {
    throw overLimit(`${what}: ${input.length} bytes where at most ${bounds.maxBytes} are read`, 'maxBytes')
  }
  if (typeof input !== 'string') {
    const kind = recognise(input)
    if (kind !== undefined) return [bare(input, kind, false)]
  }
  const blocks = reading(what, () => decodePem(input))
  if (blocks.length > bounds.maxBlocks) {
    throw overLimit(
      `${what}: ${blocks.length} PEM blocks where at most ${bounds.maxBlocks} are read`,
      'maxBlocks',
    )
  }
  if (blocks.length === 0) return [withoutMarks(input, what)]
  return blocks.map(({ label, der, headers, line }) => {
    const content = headers.has('DEK-Info') ? undefined : recognise(der)
    return { kind: content ?? KIND_OF_LABEL.get(label), bytes: der, label, headers, line, owned: true }
  })
}

/**
 * Whether a text is what a file holds, not the name of one: PEM, whole or damaged, or DER in base64 or hexadecimal.
 * A secret that is taken for a name would be repeated in errors.
 */
export function isContent(text: string): boolean {
  if (/[\r\n]|-----BEGIN /.test(text) || /^30[0-9a-f]{62,}$/i.test(text)) return true
  if (text.length < 40) return false
  const standard = text.replaceAll('-', '+').replaceAll('_', '/')
  const [tag, length = 0, ...rest] = decodeBase64(standard.padEnd(Math.ceil(text.length / 4) * 4, '=')) ?? []
  // Behind the length stands a version or a SEQUENCE: a folder's name may begin with the letters of a tag alone.
  const first = rest[length < 0x80 ? 0 : length & 0x7f]
  return tag === Tag.SEQUENCE && (first === Tag.INTEGER || first === Tag.SEQUENCE)
}

const NO_HEADERS: ReadonlyMap<string, string> = new Map()

function bare(bytes: Uint8Array, kind: Kind | undefined, owned: boolean): Part {
  return { kind, bytes, label: '', headers: NO_HEADERS, line: undefined, owned }
}

/** Base64 of DER, or a key of a program that has a text form of its own. */
function withoutMarks(input: Uint8Array | string, what: string): Part {
  const text = typeof input === 'string' ? input : new TextDecoder('latin1').decode(input)
  if (text.trim() === '') throw empty(what)
  const decoded = decodeBase64(text)
  if (decoded !== undefined && decoded[0] === 0x30) return bare(decoded, recognise(decoded), true)
  const bytes = typeof input === 'string' ? new TextEncoder().encode(text.trimStart().slice(0, 64)) : input
  return bare(bytes, recognise(bytes), bytes !== input)
}

function empty(what: string): CredentialError {
  const hint = 'the file may not have been written to its end: copy it again from where it came'
  return new CredentialError('ERR_CREDENTIAL_FORMAT', `${what}: the input is empty`, { hint })
}
