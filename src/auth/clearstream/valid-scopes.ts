import type { RefusedAnswer } from '../answer.ts'

const MOST = 200
/** RFC 6749 section 3.3 allows more, no server uses it. */
const SCOPE = /^[A-Za-z0-9][\w.:/+-]{0,99}$/
/** `valid scopes are: a b`, `Allowed scope(s) [a, b]`, `supported_scopes=a b`, but not `invalid scopes`. */
const ANNOUNCED =
  /(?<![a-z])(?:valid|allowed|available|supported|permitted|granted)[\s_-]+scopes?(?:\(s\))?(?:\s+(?:are|is|include|the|following|values)){0,4}\s*[:=]?(.*)/is
const FIELD = /^(?!.*(?:invalid|unknown|requested|refused)).*scopes?$/i
const FILLERS: ReadonlySet<string> = new Set([
  'and',
  'are',
  'follows',
  'following',
  'include',
  'is',
  'of',
  'one',
  'or',
  'the',
  'values',
])

/**
 * The scopes that a refusal names as valid. Nobody says in which form: it can be a field of JSON, a list or a text, or
 * a sentence.
 *
 * @returns without doubles, in their order; empty where none are found
 */
export function validScopes({ json, text }: Pick<RefusedAnswer, 'json' | 'text'>): string[] {
  const fields = typeof json === 'object' && json !== null ? [...entriesOf(json)] : []
  const named = fields.flatMap(([name, value]) => (FIELD.test(name) ? wordsOf(value) : []))
  if (named.length > 0) return [...new Set(named)].slice(0, MOST)
  const sentences = json === undefined ? [text] : fields.map(([, value]) => value)
  return [...new Set(sentences.flatMap(announced))].slice(0, MOST)
}

/** All texts of JSON with the name of the field they stand in; those of a list have the list's. */
function* entriesOf(json: object, name = '', depth = 0): Generator<[name: string, value: string]> {
  if (depth > 8) return
  for (const [key, value] of Object.entries(json)) {
    const field = Array.isArray(json) ? name : key
    if (typeof value === 'string') yield [field, value]
    else if (typeof value === 'object' && value !== null) yield* entriesOf(value, field, depth + 1)
  }
}

function announced(sentence: string): string[] {
  return wordsOf(partOf(ANNOUNCED.exec(sentence)?.[1] ?? ''))
}

/** What stands in brackets, else up to the end of the sentence. */
function partOf(list: string): string {
  return /^\s*["']?[[({]([^\])}]*)/.exec(list)?.[1] ?? list.split(/[.;](?:\s|$)|\n\s*\n|<|\s\(/, 1)[0] ?? ''
}

function wordsOf(list: string): string[] {
  return (
    list
      .split(/[\s,;|"'`[\](){}=<>]+/)
      // Longer than a scope with its marks, and costly to trim.
      .filter((word) => word.length <= 110)
      .map((word) => word.replaceAll(/^[:*-]+|[:.!?]+$/g, ''))
      .filter((word) => SCOPE.test(word) && !FILLERS.has(word.toLowerCase()))
  )
}
