import type { Range } from './ranges.ts'
import { isSecretName } from './secret-names.ts'

/** What is secret in a header's value: all of it, but for a known scheme, cookies' names and their attributes. */
export function headerValueRanges(name: string, value: string): Range[] {
  switch (name.toLowerCase()) {
    case 'authorization':
    case 'proxy-authorization':
      return [[SCHEME.exec(value)?.[0].length ?? 0, value.length]]
    case 'cookie':
      return cookieRanges(value, undefined)
    case 'set-cookie':
      return cookieRanges(value, (piece) => ATTRIBUTE.test(piece))
    default:
      return isSecretName(name) ? [[0, value.length]] : []
  }
}

/** The same for the lines of a text that look like a header, as a trace shows them. */
export function headerLineRanges(text: string): Range[] {
  const ranges: Range[] = []
  for (const expression of [LINE, ANYWHERE]) {
    for (const match of text.matchAll(expression)) {
      const [whole, name = '', value = ''] = match
      const offset = match.index + whole.length - value.length
      for (const [start, end] of headerValueRanges(name, value)) ranges.push([offset + start, offset + end])
    }
  }
  return ranges
}

const LINE = /^(?:[<>*] ?)?([\w-]{1,128}):[ \t]*(\S.*)$/gm
const ANYWHERE = /(?<![\w-])((?:proxy-)?authorization|(?:set-)?cookie):[ \t]*(\S.*)$/gim
const SCHEME = /^\s*(?:basic|bearer|digest|dpop|negotiate|ntlm)\s+/i
const ATTRIBUTE =
  /^\s*(?:(?:expires=[\w ,:+-]{1,64}|max-age=-?\d{1,20}|domain=[\w.-]{1,255}|path=\/[\w./-]{0,255}|samesite=\w{1,16})|secure|httponly|partitioned)\s*$/i

/** Where attributes may stand, only the first piece is a cookie; what is no attribute belongs to its value. */
function cookieRanges(value: string, keep: ((piece: string) => boolean) | undefined): Range[] {
  const ranges: Range[] = []
  let start = 0
  for (const piece of value.split(';')) {
    const isCookie = start === 0 || keep === undefined
    const end = start + piece.length
    if (isCookie) ranges.push([start + nameLength(piece), end])
    else if (!keep(piece)) ranges.push([start, end])
    start = end + 1
  }
  return ranges
}

/** Names of cookies are short words; what else stands before a `=` belongs to a value. */
function nameLength(piece: string): number {
  const name = /^\s*[\w.-]{1,64}=/.exec(piece)
  return name?.[0].length ?? piece.length - piece.trimStart().length
}
