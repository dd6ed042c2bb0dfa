import { REDACTED, Redactor } from '../http/redact.ts'

const SECRET_FIELD =
  /(["']?\b(?:access_?token|refresh_?token|id_?token|password|client_?secret|assertion|signature)["']?\s*[:=]\s*)("(?:[^"\\]|\\.)*"?|[^\s&,}<"]+)/gi

/** The text of an answer without what is secret: what it is told of, and what is known by its field or its look. */
export function redactAnswer(text: string, contentType: string, hide: readonly string[]): string {
  const redactor = new Redactor()
  for (const secret of hide) redactor.hide(secret)
  return redactor.body(text, contentType)
}

/** Fields of an answer that hold no token. */
const HARMLESS =
  /^(error|error_description|error_uri|message|token_type|expires_in|refresh_expires_in|scope|status|title|detail)$/

/**
 * An answer of a token endpoint that is not understood: a token may stand anywhere in it. Of JSON the values of
 * harmless fields are shown, of the others only the names; of any other text what is too long for a word is left out.
 */
export function withoutTokens(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), (name, value: unknown) =>
      typeof value === 'object' || HARMLESS.test(name) ? value : REDACTED,
    )
  } catch {
    return text.replaceAll(SECRET_FIELD, `$1"${REDACTED}"`).replaceAll(/[\w.~+/=-]{20,}/g, REDACTED)
  }
}
