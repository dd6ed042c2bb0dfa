import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { CliError, systemReason } from '../errors.ts'

/** Where the lines of the log go. */
export interface AccessLog extends AsyncDisposable {
  write(line: string): void
}

/**
 * Opens a file to append to, for its owner alone, or standard output (`-`).
 *
 * @param tell of the first line that cannot be written; the proxy goes on
 * @throws CliError `ERR_CLI_OUTPUT`
 */
export async function openAccessLog(file: string, tell: (text: string) => void): Promise<AccessLog> {
  if (file === '-') {
    return { write: (line) => void process.stdout.write(`${line}\n`), [Symbol.asyncDispose]: async () => {} }
  }
  const stream = createWriteStream(file, { flags: 'a', mode: 0o600 })
  try {
    await once(stream, 'open')
  } catch (cause) {
    throw new CliError('ERR_CLI_OUTPUT', `cannot write ${file}: ${systemReason(cause)}`, { cause })
  }
  stream.once('error', (error) => tell(`the access log ends here: ${systemReason(error)}`))
  return {
    write: (line) => {
      if (stream.writable) stream.write(`${line}\n`)
    },
    async [Symbol.asyncDispose]() {
      if (stream.writable) await new Promise<void>((resolve) => stream.end(resolve))
    },
  }
}
