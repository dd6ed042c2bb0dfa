import type { Range } from './ranges.ts'

/** What is secret by its look: tokens behind their scheme, JWTs, private keys, names and passwords in URLs. */
export function knownShapeRanges(text: string): Range[] {
  return [...schemes(text), ...jwts(text), ...privateKeys(text), ...userInfos(text)]
}

/** A body that is one word: MOEX's passport may come so. */
export function isBareToken(text: string): boolean {
  return /^\s*(?![{[<])[\x21-\x7e]{24,}\s*$/.test(text)
}

/** RFC 9110 section 11.4; what a server asks for (section 11.6.1) is no secret. */
const SCHEME =
  /\b(?:bearer|basic|negotiate|ntlm|dpop)[ \t]{1,8}(?!(?:realm|error|scope|charset|nonce|algs|max_age)=)([\w.~+/=-]+)/gi

function schemes(text: string): Range[] {
  const ranges: Range[] = []
  for (const match of text.matchAll(SCHEME)) {
    const [whole, token = ''] = match
    const end = match.index + whole.length
    if (!/^[A-Za-z]?[a-z]{0,15}[.]?$/.test(token)) ranges.push([end - token.length, end])
  }
  return ranges
}

/** RFC 7519 and anything else that is base64 of a JSON object; cut off too. */
function jwts(text: string): Range[] {
  return matches(text, /(?<![A-Za-z0-9])eyJ[\w-]{8,}(?:\.[\w-]*)*/g)
}

function privateKeys(text: string): Range[] {
  const ranges: Range[] = []
  for (const match of text.matchAll(/-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----/g)) {
    if (match.index < (ranges.at(-1)?.[1] ?? 0)) continue
    const start = match.index + match[0].length
    const end = text.indexOf('-----END', start)
    ranges.push([start, end < 0 ? text.length : end])
  }
  return ranges
}

/** RFC 3986 section 3.2.1: what stands before the last `@` of an authority. */
function userInfos(text: string): Range[] {
  const ranges: Range[] = []
  for (const match of text.matchAll(/:\/\/([^/?#\s"'<>]+)/g)) {
    const at = match[1]?.lastIndexOf('@') ?? -1
    if (at > 0) ranges.push([match.index + 3, match.index + 3 + at])
  }
  return ranges
}

function matches(text: string, expression: RegExp): Range[] {
  return Array.from(text.matchAll(expression), (match) => [match.index, match.index + match[0].length])
}
