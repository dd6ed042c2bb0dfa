import { decodeText } from './decode-text.ts'

const REMOVED = '[removed]'
/** Variables whose values are nobody's business. */
const SECRET_NAME = /pass|pwd.|secret|token|credential|(^|_)pin/i
/** What programs write before a secret. */
const LABELLED =
  /(-{1,2}(?:password|passwd|pass|pin)\s+|(?:password|passwd|passphrase|pin(?:-?code)?|пароль|пин(?:-?код)?)\s*[:=]\s*)("[^"]*"|'[^']*'|\S+)/giu
/** Shortest piece of the content that is looked for. */
const PIECE = 8
/** Bytes of the content that are looked for: a token has fewer. */
const MOST = 64 * 1024

/** Takes out of a text what must not get into errors and logs. */
export type Redact = (text: string) => string

/**
 * @param content what is signed: neither it nor a piece of it is shown, as text, base64 or hexadecimal
 * @param env variables that the tool was given: values of those named like secrets
 */
export function redactor(content: Uint8Array, env: Readonly<Record<string, string | undefined>>): Redact {
  const secrets = Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && value.length >= 4 && SECRET_NAME.test(name) ? [value] : [],
  )
  // Made when the tool has said something, which it seldom does.
  let pieces: ReadonlySet<string> | undefined
  return (text) => {
    let safe = text
    for (const secret of secrets) safe = safe.replaceAll(secret, REMOVED)
    safe = safe.replace(LABELLED, `$1${REMOVED}`)
    if (text === '') return text
    pieces ??= piecesOf(content)
    const known = pieces
    return safe.replace(/\S{4,}/g, (word) => (holdsPiece(word, known) ? REMOVED : word))
  }
}

/** What eight characters in a row of the content look like, or all of it where it is shorter. */
function piecesOf(content: Uint8Array): Set<string> {
  const buffer = Buffer.from(content.buffer, content.byteOffset, Math.min(content.length, MOST))
  const forms = [
    buffer.toString(),
    decodeText(buffer).text,
    buffer.toString('base64'),
    buffer.toString('hex'),
  ]
  const pieces = new Set<string>()
  for (const form of forms.map((each) => each.toLowerCase().replace(/=+$/, ''))) {
    if (form.length >= 4 && form.length < PIECE) pieces.add(form)
    for (let at = 0; at + PIECE <= form.length; at++) pieces.add(form.slice(at, at + PIECE))
  }
  return pieces
}

function holdsPiece(word: string, pieces: ReadonlySet<string>): boolean {
  const lower = word.toLowerCase()
  for (let length = 4; length <= PIECE; length++) {
    for (let at = 0; at + length <= lower.length; at++)
      if (pieces.has(lower.slice(at, at + length))) return true
  }
  return false
}
