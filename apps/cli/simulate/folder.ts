import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CliError, systemReason } from '../errors.ts'
import { writeOutFile } from '../out-file.ts'

/** First line of the configuration, by which a folder of an earlier run is known. */
export const MARK = '# Made by sealkit simulate: throw-away credentials of a simulator.'

/** The name of the configuration in the folder. */
export const CONFIGURATION = 'sealkit.toml'

/**
 * Makes the folder, which its owner alone can enter. One that an earlier run made is used again.
 *
 * @throws CliError `ERR_CLI_OUTPUT_EXISTS` for a folder that holds something else
 */
export function prepareFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    if (readdirSync(folder).length === 0) return
    const configuration = join(folder, CONFIGURATION)
    if (existsSync(configuration) && readFileSync(configuration, 'utf8').startsWith(MARK)) return
  } catch (cause) {
    throw new CliError('ERR_CLI_OUTPUT', `cannot make ${folder}: ${systemReason(cause)}`, { cause })
  }
  throw new CliError('ERR_CLI_OUTPUT_EXISTS', `${folder} holds other files`, {
    hint: 'name a new folder by --out',
  })
}

/** Writes files by their names, each for its owner alone. */
export function writeFiles(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [name, data] of Object.entries(files)) {
    writeOutFile(join(folder, name), data, { force: true, mode: 0o600 })
  }
}
