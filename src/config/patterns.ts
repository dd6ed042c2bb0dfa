/**
 * Forms of texts, as sources of regular expressions: parser and JSON schema use the same. They are read with the flag
 * `u` and mean the whole text.
 */

// A control character is a sign of a broken paste, and could drive a terminal.
const TEXT = '[^\\u0000-\\u001f\\u007f]+'
// Letters, a colon: a URI. One letter is a drive of Windows.
const NO_URI = '(?![A-Za-z][A-Za-z0-9+.\\-]+:)'
const HOST = '(?:[A-Za-z0-9](?:[A-Za-z0-9.\\-]*[A-Za-z0-9])?|\\[[0-9A-Fa-f:.]+\\])'
const PORT = '(?::[0-9]{1,5})?'
// No name and password (@), no fragment.
const HTTPS = `https://${HOST}${PORT}(?:[/?][^\\u0000-\\u0020\\u007f#@\\\\]*)?`

export const PATTERNS = {
  text: whole(TEXT),
  path: whole(`${NO_URI}${TEXT}`),
  url: whole(HTTPS),
  origin: whole(`https://(?:\\*\\.)?${HOST}${PORT}/?`),
  'path-or-url': whole(`(?:${HTTPS}|${NO_URI}${TEXT})`),
  proxy: whole(`(?:environment|none|https?://${HOST}${PORT}/?)`),
  /** Names of profiles. */
  profile: whole('[A-Za-z0-9][A-Za-z0-9._\\-]{0,63}'),
  /** Names of environment variables. */
  variable: whole('[A-Za-z_][A-Za-z0-9_]{0,127}'),
} as const

function whole(source: string): string {
  return `^${source}$`
}

/** Whether a text has a form. */
export function matches(pattern: string, text: string): boolean {
  return new RegExp(pattern, 'u').test(text)
}
