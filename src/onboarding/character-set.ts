/** SWIFT's character set X: letters, digits, `/ - ? : ( ) . , ' +` and blank. Line ends are looked at elsewhere. */
const SET_X = /^[a-zA-Z0-9/\-?:().,'+ ]*$/

/** What people write in place of a character that set X lacks. `(at)` is the guide's. */
const REPLACEMENTS: Readonly<Record<string, string>> = {
  '@': '(at)',
  _: '(underscore)',
  '&': 'and',
  ';': ',',
  '#': 'No.',
  '=': ':',
  '"': "'",
  '!': '.',
  '%': ' percent',
  '*': '+',
  '<': '(',
  '>': ')',
  '[': '(',
  ']': ')',
  '{': '(',
  '}': ')',
  '\\': '/',
  '|': '/',
  '~': '-',
  '^': "'",
  '`': "'",
  '´': "'",
  $: 'USD',
  '€': 'EUR',
  '£': 'GBP',
  '§': 'section ',
  '‐': '-',
  '‑': '-',
  '–': '-',
  '—': '-',
  '−': '-',
  '‘': "'",
  '’': "'",
  '‚': ',',
  '“': "'",
  '”': "'",
  '„': "'",
  '«': "'",
  '»': "'",
  '…': '...',
  '·': '.',
  '•': '.',
  ß: 'ss',
  æ: 'ae',
  Æ: 'AE',
  œ: 'oe',
  Œ: 'OE',
  ø: 'o',
  Ø: 'O',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  ð: 'd',
  Ð: 'D',
  þ: 'th',
  Þ: 'Th',
  ı: 'i',
  '\t': ' ',
  '\n': ' ',
  '\r': ' ',
}

/** Marks over letters that stand for themselves, and what is not seen. */
const LEFT_OUT = /^[\p{M}\p{Cc}\p{Cf}]$/u

/** Whether the text has characters of set X only. */
export function isSetX(text: string): boolean {
  return SET_X.test(text)
}

/**
 * What could stand in place of a character outside set X: always in set X itself.
 *
 * @returns undefined where only a person can say, as for letters that are not Latin
 */
export function replacementFor(character: string): string | undefined {
  const listed = Object.hasOwn(REPLACEMENTS, character) ? REPLACEMENTS[character] : undefined
  if (listed !== undefined) return listed
  if (LEFT_OUT.test(character)) return ''
  // The letter below its accents, the plain form of a wide one, the blank in place of one that does not break.
  const base = character.normalize('NFKD').replace(/\p{M}/gu, '')
  if (base !== '' && isSetX(base)) return base
  return undefined
}

/** A character as a message shows it: seen, or by its number. */
export function showCharacter(character: string): string {
  const number = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
  const ascii = /^[!-~]$/.test(character)
  if (ascii) return `"${character}"`
  return /^[\p{C}\p{Z}\p{M}]$/u.test(character) ? number : `"${character}" (${number})`
}
