import { Lines } from './document.ts'

/** In which lines the keys of a TOML text stand. The text must be well-formed: the parser has read it. */
export function tomlLines(text: string): Lines {
  return new Scanner(text).lines
}

const BLANK = /(?:[ \t\r\n\ufeff]|#[^\n]*)*/y
const HEADER = /\[\[?/y
const KEY = /[ \t]*("[^"\\\n]*(?:\\.[^"\\\n]*)*"|'[^'\n]*'|[A-Za-z0-9_-]+)[ \t]*(\.?)/y
const BEHIND_KEY = /[ \t]*(?:\]\]?|=)[ \t]*/y
const LONG_STRING = /"""[^"\\]*(?:(?:\\.|""?(?!"))[^"\\]*)*"{3,5}|'''.*?'{3,5}/sy
const STRING = /"[^"\\\n]*(?:\\.[^"\\\n]*)*"|'[^'\n]*'/y
const PLAIN = /[^,\]}#\n]+/y

class Scanner {
  readonly lines = new Lines()
  readonly #text: string
  #at = 0
  #line = 1
  #counted = 0

  constructor(text: string) {
    this.#text = text
    let table: readonly string[] = []
    this.#take(BLANK)
    while (this.#at < text.length) {
      const before = this.#at
      if (this.#take(HEADER) !== undefined) {
        table = this.#key([])
      } else {
        this.#value(this.#key(table))
      }
      this.#take(BLANK)
      if (this.#at === before) return
    }
  }

  /** Reads a key, dotted or not, and the sign behind it. */
  #key(table: readonly string[]): string[] {
    const path = [...table]
    for (let dot = '.'; dot === '.'; ) {
      const [, name = '', next = ''] = this.#match(KEY) ?? []
      dot = next
      // A path of thousands of parts is hostile: nobody asks for its line.
      if (path.length > 8) continue
      path.push(plainName(name))
      this.lines.add(path, this.#lineHere())
    }
    this.#take(BEHIND_KEY)
    return path
  }

  #value(path: readonly string[]): void {
    const open = this.#text[this.#at]
    if (open === '[' || open === '{') {
      this.#at++
      this.#items(path, open)
    } else if (this.#take(LONG_STRING) === undefined && this.#take(STRING) === undefined) this.#take(PLAIN)
  }

  #items(path: readonly string[], open: '[' | '{'): void {
    const end = open === '[' ? ']' : '}'
    for (let i = 0; this.#at < this.#text.length; i++) {
      const before = this.#at
      this.#take(BLANK)
      if (this.#text[this.#at] === end) break
      this.#value(open === '[' ? [...path, String(i)] : this.#key(path))
      this.#take(BLANK)
      if (this.#text[this.#at] === ',') this.#at++
      if (this.#at === before) return
    }
    this.#at++
  }

  #take(pattern: RegExp): string | undefined {
    return this.#match(pattern)?.[0]
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at
    const match = pattern.exec(this.#text) ?? undefined
    if (match !== undefined) this.#at += match[0].length
    return match
  }

  #lineHere(): number {
    for (; this.#counted < this.#at; this.#counted++) if (this.#text[this.#counted] === '\n') this.#line++
    return this.#line
  }
}

function plainName(name: string): string {
  if (name.startsWith("'")) return name.slice(1, -1)
  if (!name.startsWith('"')) return name
  try {
    return JSON.parse(name) as string
  } catch {
    return name
  }
}
