import { ConfigError } from '../errors.ts'

/** A file that is not TOML, or not JSON. What stands in it is not repeated. */
export function malformed(file: string, line: number | undefined, message: string): ConfigError {
  const hint = 'the form is told in docs/configuration.md; `sealkit config init` writes an example'
  return new ConfigError('ERR_CONFIG_MALFORMED', `${placeOf(file, line)}: ${message}`, { hint })
}

/** `FILE:12` */
export function placeOf(file: string, line: number | undefined): string {
  return line === undefined ? file : `${file}:${line}`
}

/** Something wrong in a file. */
export interface Fault {
  readonly line: number | undefined
  /** Names setting and reason, never a value: it may be a secret that was put in the wrong place. */
  readonly message: string
}

const MOST_FAULTS = 10

/** One error for all that is wrong with the settings of a file. */
export function settingFaults(file: string, faults: readonly Fault[]): ConfigError {
  const lines = [...faults]
    .sort((a, b) => (a.line ?? 0) - (b.line ?? 0))
    .slice(0, MOST_FAULTS)
    .map(({ line, message }) => (line === undefined ? message : `line ${line}: ${message}`))
  const [first = ''] = lines
  const more = faults.length - lines.length
  const all = more > 0 ? [...lines, `and ${more} more`] : lines
  const message = faults.length === 1 ? `${file}: ${first}` : `${file}: ${all.join('; ')}`
  const hint = 'docs/configuration.md lists the settings; `sealkit config check` shows what would be used'
  return new ConfigError('ERR_CONFIG_SETTING', message, { hint })
}
