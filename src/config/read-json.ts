import { type Document, Lines, MAX_DEPTH, type Table } from './document.ts'
import { malformed } from './faults.ts'

/**
 * Reads JSON (RFC 8259). Unlike JSON.parse it knows the lines of keys, refuses a key that is given twice, and repeats
 * nothing of the text in its errors: a secret may stand there.
 *
 * @throws ConfigError `ERR_CONFIG_MALFORMED`
 */
export function readJson(text: string, file: string): Document {
  const reader = new JsonReader(text, file)
  const root = reader.whole()
  return { root, lineOf: (path) => reader.lines.of(path) }
}

const STRING = /"[^"\\]*(?:\\.[^"\\]*)*"/sy
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
const WORD = /true|false|null/y
const BLANK = /[ \t\r\n]*/y

class JsonReader {
  readonly lines = new Lines()
  readonly #text: string
  readonly #file: string
  #at = 0
  #line = 1
  #counted = 0

  constructor(text: string, file: string) {
    this.#text = text.replace(/^\ufeff/, '')
    this.#file = file
  }

  whole(): Table {
    this.#blank()
    if (this.#text[this.#at] !== '{') throw this.#fault('a JSON object is needed')
    const root = this.#object([], 1)
    this.#blank()
    if (this.#at < this.#text.length) throw this.#fault('something stands behind the object')
    return root
  }

  #value(path: readonly string[], depth: number): unknown {
    if (depth > MAX_DEPTH) throw this.#fault(`nested more than ${MAX_DEPTH} deep`)
    const first = this.#text[this.#at]
    if (first === '{') return this.#object(path, depth)
    if (first === '[') return this.#array(path, depth)
    if (first === '"') return this.#string()
    const token = this.#take(NUMBER) ?? this.#take(WORD)
    if (token === undefined) throw this.#fault('a value is missing or malformed')
    return JSON.parse(token) as unknown
  }

  #object(path: readonly string[], depth: number): Table {
    const table = Object.create(null) as Record<string, unknown>
    this.#list('}', () => {
      if (this.#text[this.#at] !== '"') throw this.#fault('a key in double quotes is needed')
      const line = this.#lineHere()
      const key = this.#string()
      if (Object.hasOwn(table, key)) throw this.#fault('a key is given twice')
      const inner = [...path, key]
      this.lines.add(inner, line)
      this.#blank()
      this.#expect(':')
      this.#blank()
      table[key] = this.#value(inner, depth + 1)
    })
    return table
  }

  #array(path: readonly string[], depth: number): unknown[] {
    const array: unknown[] = []
    this.#list(']', () => {
      array.push(this.#value([...path, String(array.length)], depth + 1))
    })
    return array
  }

  #list(end: '}' | ']', item: () => void): void {
    this.#at++
    this.#blank()
    if (this.#text[this.#at] === end) {
      this.#at++
      return
    }
    for (;;) {
      item()
      this.#blank()
      if (this.#text[this.#at] === end) break
      this.#expect(',')
      this.#blank()
    }
    this.#at++
  }

  #string(): string {
    try {
      return JSON.parse(this.#take(STRING) ?? '') as string
    } catch {
      throw this.#fault('a text is not closed, or malformed')
    }
  }

  #expect(character: ':' | ','): void {
    if (this.#text[this.#at] !== character) throw this.#fault(`"${character}" is missing`)
    this.#at++
  }

  #blank(): void {
    this.#take(BLANK)
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const token = pattern.exec(this.#text)?.[0]
    if (token !== undefined) this.#at += token.length
    return token
  }

  #lineHere(): number {
    for (; this.#counted < this.#at; this.#counted++) if (this.#text[this.#counted] === '\n') this.#line++
    return this.#line
  }

  #fault(message: string): Error {
    return malformed(this.#file, this.#lineHere(), message)
  }
}
