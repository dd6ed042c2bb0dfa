/**
 * Control and format characters, line separators and lone surrogates: what comes out of certificates and
 * messages could otherwise drive the terminal, or turn around or hide what it shows.
 */
export const UNSAFE: RegExp = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/** The text with unsafe characters as `\u{1b}`: fit for one line on a terminal or in a log. */
export function printable(text: string): string {
  return text.replace(UNSAFE, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)
}
