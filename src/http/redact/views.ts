import type { Range } from './ranges.ts'

/** A text as somebody reads it who undoes an encoding, with the place in the original of each UTF-16 unit. */
export interface View {
  readonly text: string
  /** The range of the original that a range of the view's text came from. */
  original(range: Range): Range
}

/** The text itself, and what it becomes when its escapes are undone: percent, form, JSON, HTML, and two of them. */
export function viewsOf(text: string): View[] {
  const views: View[] = [{ text, original: (range) => range }]
  if (text.includes('%')) views.push(view(text, percent))
  if (text.includes('+')) views.push(view(text, form))
  if (text.includes('&')) views.push(view(text, html))
  for (const outer of views.slice()) {
    if (outer.text.includes('\\')) views.push(inside(outer, view(outer.text, json)))
  }
  const [, once] = views
  if (text.includes('%25') && once !== undefined) views.push(inside(once, view(once.text, percent)))
  return views
}

/** Reads what stands at a place: how many units it takes, and what they mean; undefined where nothing is escaped. */
type Escape = (text: string, at: number) => { length: number; means: string } | undefined

function view(text: string, read: Escape): View {
  const pieces: string[] = []
  const starts = new Uint32Array(text.length + 1)
  let count = 0
  for (let at = 0; at < text.length; ) {
    const found = read(text, at)
    const means = found?.means ?? text.charAt(at)
    for (let unit = 0; unit < means.length; unit++) starts[count++] = at
    pieces.push(means)
    at += found?.length ?? 1
  }
  starts[count] = text.length
  return {
    text: pieces.join(''),
    original: ([start, end]) => [starts[start] ?? 0, starts[end] ?? text.length],
  }
}

function inside(outer: View, inner: View): View {
  return { text: inner.text, original: (range) => outer.original(inner.original(range)) }
}

const form: Escape = (text, at) => (text.charAt(at) === '+' ? { length: 1, means: ' ' } : percent(text, at))

/** One character: the bytes of UTF-8 where they are, else one byte as Latin-1 has it. */
const percent: Escape = (text, at) => {
  const first = percentByte(text, at)
  if (first === undefined) return undefined
  const count = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 1
  const bytes = Array.from({ length: count }, (_, index) => percentByte(text, at + 3 * index) ?? 0)
  const means = count === 1 ? '\ufffd' : Buffer.from(bytes).toString('utf8')
  if (means.includes('\ufffd')) return { length: 3, means: String.fromCharCode(first) }
  return { length: 3 * count, means }
}

function percentByte(text: string, at: number): number | undefined {
  if (text.charAt(at) !== '%') return undefined
  const digits = text.slice(at + 1, at + 3)
  return /^[0-9a-f]{2}$/i.test(digits) ? Number.parseInt(digits, 16) : undefined
}

const json: Escape = (text, at) => {
  if (text.charAt(at) !== '\\') return undefined
  const letter = text.charAt(at + 1)
  if (letter !== 'u') {
    const means = JSON_LETTERS[letter]
    return means === undefined ? undefined : { length: 2, means }
  }
  const digits = text.slice(at + 2, at + 6)
  if (!/^[0-9a-f]{4}$/i.test(digits)) return undefined
  return { length: 6, means: String.fromCharCode(Number.parseInt(digits, 16)) }
}

const JSON_LETTERS: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

const html: Escape = (text, at) => {
  if (text.charAt(at) !== '&') return undefined
  const [whole, name = ''] = /^&(#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,4});/i.exec(text.slice(at, at + 11)) ?? []
  if (whole === undefined) return undefined
  const means = name.startsWith('#') ? numbered(name.slice(1)) : HTML_NAMES[name.toLowerCase()]
  return means === undefined ? undefined : { length: whole.length, means }
}

function numbered(digits: string): string | undefined {
  const code = /^x/i.test(digits) ? Number.parseInt(digits.slice(1), 16) : Number.parseInt(digits, 10)
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined
}

const HTML_NAMES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
