import type { Range } from './ranges.ts'

/** Finds one secret, and its base64 inside of any base64, in a text whose escapes are undone. */
export class HiddenSecret {
  readonly #literal: Pattern
  readonly #encoded: readonly Pattern[]

  constructor(secret: string) {
    this.#literal = pattern(secret)
    this.#encoded = secret.length < SHORT ? [] : base64Cores(secret).map(pattern)
  }

  ranges(text: string): Range[] {
    const alone = this.#literal.text.length < SHORT
    const literal = occurrences(text, this.#literal).filter((range) => !alone || standsAlone(text, range))
    return [literal, ...this.#encoded.map((core) => wholeBase64(text, occurrences(text, core)))].flat()
  }
}

/** Secrets below this length are found only where no letter or digit is beside them. */
const SHORT = 4
/** The beginning of a secret that counts as the secret: a token is cut where a trace is. */
const ENOUGH = 12

/** A text to look for, with the table of Knuth, Morris and Pratt: the cost stays linear whatever a server sends. */
interface Pattern {
  readonly text: string
  readonly fallback: Uint32Array
}

function pattern(text: string): Pattern {
  const fallback = new Uint32Array(text.length + 1)
  for (let at = 1, length = 0; at < text.length; at++) {
    while (length > 0 && text.charCodeAt(at) !== text.charCodeAt(length)) length = fallback[length] ?? 0
    if (text.charCodeAt(at) === text.charCodeAt(length)) length++
    fallback[at + 1] = length
  }
  return { text, fallback }
}

/** Where the pattern, or enough of its beginning, stands. */
function occurrences(text: string, { text: wanted, fallback }: Pattern): Range[] {
  const enough = Math.min(wanted.length, ENOUGH)
  const ranges: Range[] = []
  let length = 0
  let at = text.indexOf(wanted.slice(0, enough))
  if (at < 0) at = Math.max(0, text.length - enough)
  for (; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    while (length > 0 && unit !== wanted.charCodeAt(length)) length = fallback[length] ?? 0
    if (unit === wanted.charCodeAt(length)) length++
    if (length >= enough) add(ranges, at + 1 - length, at + 1)
  }
  if (length >= SHORT) add(ranges, text.length - length, text.length)
  return ranges
}

/** Ranges come in the order of their starts: those that overlap become one. */
function add(ranges: Range[], start: number, end: number): void {
  const last = ranges.at(-1)
  if (last !== undefined && start <= last[1]) ranges[ranges.length - 1] = [last[0], end]
  else ranges.push([start, end])
}

function standsAlone(text: string, [start, end]: Range): boolean {
  const word = /[\p{L}\p{N}]/u
  return !word.test(text.slice(Math.max(0, start - 1), start)) && !word.test(text.slice(end, end + 1))
}

/** The characters of base64 that come from the secret alone, for each place where it may begin in a group of three. */
function base64Cores(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8')
  const cores = [0, 2, 3].map((mixed, before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64')
    return encoded.slice(mixed, Math.floor(((before + bytes.length) * 8) / 6))
  })
  const forUrls = cores.map((core) => core.replaceAll('+', '-').replaceAll('/', '_'))
  return [...new Set([...cores, ...forUrls])].filter((core) => core.length >= SHORT)
}

function wholeBase64(text: string, ranges: readonly Range[]): Range[] {
  const whole: Range[] = []
  let reached = 0
  for (let [start, end] of ranges) {
    if (start < reached) continue
    while (start > reached && isBase64(text.charCodeAt(start - 1))) start--
    while (end < text.length && isBase64(text.charCodeAt(end))) end++
    reached = end
    whole.push([start, end])
  }
  return whole
}

function isBase64(unit: number): boolean {
  const digit = unit >= 48 && unit <= 57
  const letter = (unit >= 65 && unit <= 90) || (unit >= 97 && unit <= 122)
  return digit || letter || unit === 43 || unit === 45 || unit === 47 || unit === 61 || unit === 95
}
