const REDACTED = '[redacted]'
const JWT = /\beyJ[\w-]+\.[\w-]*(\.[\w-]*)*/g
const SECRET_FIELD =
  /(["']?\b(?:access_?token|refresh_?token|id_?token|password|client_?secret|assertion|signature)["']?\s*[:=]\s*)("(?:[^"\\]|\\.)*"?|[^\s&,}<"]+)/gi

/** The text of an answer without what is secret. */
export function redactAnswer(text: string, _contentType: string, hide: readonly string[]): string {
  let clean = text
  for (const secret of hide) {
    for (const form of formsOf(secret)) clean = clean.replaceAll(form, REDACTED)
  }
  return clean.replaceAll(SECRET_FIELD, `$1"${REDACTED}"`).replaceAll(JWT, REDACTED)
}

function formsOf(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1)
  const form = new URLSearchParams({ '': secret }).toString().slice(1)
  return [...new Set([secret, json, form, encodeURIComponent(secret)])].filter((text) => text !== '')
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
