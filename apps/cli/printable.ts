/**
 * Control and format characters, line separators and lone surrogates: what comes out of certificates and
 * messages could otherwise drive the terminal, or turn around or hide what it shows.
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/** The text with unsafe characters as `\u{1b}`: fit for one line on a terminal or in a log. */
export function printable(text: string): string {
  return text.replace(UNSAFE, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)
}

/** JSON in lines, where the unsafe characters that JSON leaves as they are become escapes. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(UNSAFE, (character) =>
    character === '\n'
      ? character
      : Array.from({ length: character.length }, (_, i) => unit(character, i)).join(''),
  )
}

function unit(text: string, at: number): string {
  return `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`
}
