import type { Redactor } from '../redact.ts'
import { isSecretName } from './secret-names.ts'

/** A command line as a shell would take it, with what looks secret left out. Ours takes no secrets: people try. */
export function commandLine(words: readonly string[], redactor: Redactor): string {
  let isSecret = false
  const shown = words.map((word) => {
    const [, name = '', value] = /^--?([\w-]+)(?:=([\s\S]*))?$/.exec(word) ?? []
    const hidden = isSecret && name === ''
    isSecret = value === undefined && isSecretName(name)
    if (hidden) return '[redacted]'
    if (value !== undefined && isSecretName(name)) return `--${name}=[redacted]`
    return quoted(redactor.url(word))
  })
  return shown.join(' ')
}

function quoted(word: string): string {
  return /^[\w@%+=:,./[\]-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
