import { parse, TomlError } from 'smol-toml'
import { type Document, MAX_DEPTH } from './document.ts'
import { malformed } from './faults.ts'
import { tomlLines } from './toml-lines.ts'

/**
 * Reads TOML 1.0.
 *
 * @throws ConfigError `ERR_CONFIG_MALFORMED`; it repeats nothing of the text and has no `cause`, which would: the
 *   parser's errors show the line, and a secret may stand in it
 */
export function readToml(text: string, file: string): Document {
  try {
    const root = parse(text, { maxDepth: MAX_DEPTH })
    const lines = tomlLines(text)
    return { root, lineOf: (path) => lines.of(path) }
  } catch (error) {
    if (error instanceof TomlError) throw malformed(file, error.line, reasonOf(error))
    throw malformed(file, undefined, 'not TOML')
  }
}

/** The parser's own words, which stand in the first line; they are fixed texts. */
function reasonOf({ message }: TomlError): string {
  const reason = /^Invalid TOML document: ([a-z][a-z :.,-]{1,90})$/m.exec(message)?.[1]
  return `not TOML${reason === undefined ? '' : `: ${reason}`}`
}
