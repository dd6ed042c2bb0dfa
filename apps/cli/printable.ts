import { printable, UNSAFE } from '../../src/x509/printable.ts'

export { printable }

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
