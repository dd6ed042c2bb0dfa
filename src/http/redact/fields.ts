import type { Range } from './ranges.ts'
import { isSecretName } from './secret-names.ts'

/**
 * The values of secret members of JSON, wherever it stands in the text, whole or cut off at either end.
 * A string is found without its quotes, so that JSON stays JSON.
 */
export function jsonFieldRanges(text: string): Range[] {
  const name = /"((?:[\w.$ -]|\\u[0-9a-f]{4}){1,128})"\s*:/gi
  const ranges: Range[] = []
  for (let match = name.exec(text); match !== null; match = name.exec(text)) {
    if (!isSecretName(unescaped(match[1] ?? ''))) {
      name.lastIndex--
      continue
    }
    const value = valueRange(text, skipBlanks(text, name.lastIndex))
    ranges.push(value)
    name.lastIndex = Math.max(name.lastIndex, value[1])
  }
  return ranges
}

/** The values of secret parameters, as in forms, queries and logs: `name=value`. */
export function parameterRanges(text: string, isSecret: (name: string) => boolean): Range[] {
  const name = /(?<![\w.%~-])([\w.%~-]{1,128})=/g
  const value = /(?:[^\s&;"'<>]|;(?!\s))*/y
  const ranges: Range[] = []
  for (let match = name.exec(text); match !== null; match = name.exec(text)) {
    if (!isSecret(percentDecoded(match[1] ?? ''))) continue
    const start = name.lastIndex
    value.lastIndex = start
    name.lastIndex += value.exec(text)?.[0].length ?? 0
    ranges.push([start, name.lastIndex])
  }
  return ranges
}

/** The same for a whole form (WHATWG URL section 5.1), where only `&` ends a value. */
export function formRanges(form: string, isSecret: (name: string) => boolean): Range[] {
  const ranges: Range[] = []
  let start = 0
  for (const piece of form.split('&')) {
    const equals = piece.indexOf('=')
    if (equals >= 0 && equals <= 1024 && isSecret(percentDecoded(piece.slice(0, equals))))
      ranges.push([start + equals + 1, start + piece.length])
    start += piece.length + 1
  }
  return ranges
}

function percentDecoded(name: string): string {
  return name.replace(/%([0-9a-f]{2})/gi, (_, digits) => String.fromCharCode(Number.parseInt(digits, 16)))
}

/** Behind the closing quote, or the text's end where there is none. */
function stringEnd(text: string, opening: number): number {
  for (let at = opening + 1; at < text.length; at++) {
    const letter = text.charAt(at)
    if (letter === '\\') at++
    else if (letter === '"') return at + 1
  }
  return text.length
}

function skipBlanks(text: string, from: number): number {
  let at = from
  while (at < text.length && ' \t\r\n'.includes(text.charAt(at))) at++
  return at
}

function unescaped(name: string): string {
  return name.replace(/\\u([0-9a-f]{4})/gi, (_, digits) => String.fromCharCode(Number.parseInt(digits, 16)))
}

function valueRange(text: string, start: number): Range {
  const first = text.charAt(start)
  if (first === '"') {
    const end = stringEnd(text, start)
    const closed = end > start + 1 && text.charAt(end - 1) === '"' && !endsInEscape(text, start, end)
    return [start + 1, closed ? end - 1 : end]
  }
  if (first === '{' || first === '[') return [start, nestedEnd(text, start)]
  let end = start
  while (end < text.length && !',}] \t\r\n'.includes(text.charAt(end))) end++
  return text.slice(start, end) === 'null' ? [end, end] : [start, end]
}

/** Whether the last quote of a cut string is an escaped one. */
function endsInEscape(text: string, start: number, end: number): boolean {
  let backslashes = 0
  while (end - 2 - backslashes > start && text.charAt(end - 2 - backslashes) === '\\') backslashes++
  return backslashes % 2 === 1
}

function nestedEnd(text: string, start: number): number {
  let depth = 0
  for (let at = start; at < text.length; at++) {
    const letter = text.charAt(at)
    if (letter === '"') at = stringEnd(text, at) - 1
    else if (letter === '{' || letter === '[') depth++
    else if ((letter === '}' || letter === ']') && --depth === 0) return at + 1
  }
  return text.length
}
