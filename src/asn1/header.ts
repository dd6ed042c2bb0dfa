import { CONSTRUCTED, HIGH_TAG } from './tags.ts'

/** The identifier and length octets of one element. `end` is -1 for the indefinite form. */
export interface Header {
  tag: number
  start: number
  contentStart: number
  end: number
  /** False where the length (or a tag number) is not in its shortest form, or is indefinite. */
  minimal: boolean
}

/** Why a header cannot be read. */
export interface HeaderFault {
  code: 'ERR_ASN1_TRUNCATED' | 'ERR_ASN1_LENGTH' | 'ERR_ASN1_VALUE'
  offset: number
  message: string
}

/** Reusable, so that reading a header makes no object. */
export function emptyHeader(): Header {
  return { tag: 0, start: 0, contentStart: 0, end: 0, minimal: true }
}

/**
 * Reads identifier and length octets (X.690 8.1.2, 8.1.3) at `at`, within `limit`, into `out`.
 *
 * @returns undefined, or what is wrong
 */
export function readHeader(
  bytes: Uint8Array,
  at: number,
  limit: number,
  out: Header,
): HeaderFault | undefined {
  out.start = at
  out.minimal = true
  if (at >= limit) return truncated(at, 'an element is missing')
  let tag = bytes[at++] as number
  if ((tag & 0x1f) === 0x1f) {
    let number = 0
    const first = at
    for (;;) {
      if (at >= limit) return truncated(at, 'the tag is cut off')
      const octet = bytes[at++] as number
      if (at - first > 3)
        return { code: 'ERR_ASN1_VALUE', offset: out.start, message: 'tag number beyond 2^21' }
      number = number * 128 + (octet & 0x7f)
      if (octet < 0x80) break
    }
    if (number < 31 || bytes[first] === 0x80) {
      return { code: 'ERR_ASN1_VALUE', offset: out.start, message: 'tag number not in its shortest form' }
    }
    tag = tag * HIGH_TAG + number
  }
  out.tag = tag
  if (at >= limit) return truncated(at, 'the length is cut off')
  const length = bytes[at++] as number
  if (length < 0x80) {
    out.contentStart = at
    out.end = at + length
  } else if (length === 0x80) {
    out.minimal = false
    out.contentStart = at
    out.end = -1
    if (!isConstructed(tag)) {
      return { code: 'ERR_ASN1_LENGTH', offset: at - 1, message: 'indefinite length on a primitive element' }
    }
    return undefined
  } else {
    const fault = readLongLength(bytes, at, limit, length & 0x7f, out)
    if (fault !== undefined) return fault
  }
  if (out.end > limit) {
    const claimed = out.end - out.contentStart
    return truncated(out.start, `length ${claimed} where ${limit - out.contentStart} bytes are left`)
  }
  return undefined
}

/** Whether a tag as read by {@link readHeader} has the constructed bit. */
export function isConstructed(tag: number): boolean {
  return ((tag > 0xff ? Math.floor(tag / HIGH_TAG) : tag) & CONSTRUCTED) !== 0
}

function readLongLength(
  bytes: Uint8Array,
  at: number,
  limit: number,
  octets: number,
  out: Header,
): HeaderFault | undefined {
  if (octets === 0x7f) return { code: 'ERR_ASN1_LENGTH', offset: at - 1, message: 'reserved length octet' }
  if (at + octets > limit) return truncated(at, 'the length is cut off')
  let length = 0
  for (let i = 0; i < octets; i++) {
    length = length * 256 + (bytes[at + i] as number)
    if (length > 0xffffffff)
      return { code: 'ERR_ASN1_LENGTH', offset: at - 1, message: 'length beyond 32 bits' }
  }
  if (bytes[at] === 0 || length < 0x80) out.minimal = false
  out.contentStart = at + octets
  out.end = at + octets + length
  return undefined
}

function truncated(offset: number, message: string): HeaderFault {
  return { code: 'ERR_ASN1_TRUNCATED', offset, message }
}
