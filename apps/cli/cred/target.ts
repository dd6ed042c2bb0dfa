import { basename, dirname, extname, join } from 'node:path'
import {
  credentialFileName,
  parseCredentialFileName,
  writeCredentialFile,
} from '../../../src/credentials/index.ts'
import type { Arguments } from '../arguments.ts'
import type { Context } from '../command.ts'
import { usageError } from '../errors.ts'
import { checkOutFile } from '../out-file.ts'
import { nameOf } from './read.ts'

/** What is made: a PKCS#12 file; or PEM with key and certificates, certificates alone, the key alone. */
export type Form = 'p12' | 'pem' | 'crt' | 'key'
export const FORMS = ['p12', 'pem', 'crt', 'key'] as const

const FORM_OF: ReadonlyMap<string, Form> = new Map([
  ...(['.p12', '.pfx', '.pkcs12'] as const).map((name) => [name, 'p12'] as const),
  ['.pem', 'pem'],
  ...(['.crt', '.cer', '.cert'] as const).map((name) => [name, 'crt'] as const),
  ['.key', 'key'],
])
const JAVA = /\.(jks|jceks|keystore|ks|truststore|bks)$/i

/**
 * What a name says of the form.
 *
 * @throws CliError where it says nothing, or what is not made
 */
export function formOfName(path: string): Form {
  const form = FORM_OF.get(extname(path).toLowerCase())
  if (form !== undefined) return form
  if (JAVA.test(path)) {
    const hint =
      'Java reads PKCS#12: name it FILE.p12, and give Java that; for certificates that Java is to trust there is sealkit cred truststore'
    throw usageError('Java keystores (JKS) are not made', hint)
  }
  throw usageError(
    `the name ${path} does not say what is to be made`,
    'end it with .p12, .pem, .crt or .key, or say --to p12|pem|crt|key',
  )
}

/** The name beside a file, by the convention `ocapi-USER-TYPE` where it follows it. */
export function besideName(path: string, form: Form): string {
  const parts = parseCredentialFileName(basename(path))
  const name =
    parts === undefined
      ? `${basename(path, extname(path))}.${form}`
      : credentialFileName({ ...parts, extension: form })
  return join(dirname(path), name)
}

/** Default of friendly names: that of a file by the convention. */
export function conventionalName(path: string): string | undefined {
  const parts = parseCredentialFileName(basename(path))
  return parts && `ocapi-${parts.userId}-${parts.type}`
}

/**
 * Checks early where the result is to go: a password is not asked for in vain.
 *
 * @param path `-` for standard output
 */
export function checkTarget(path: string, args: Arguments): void {
  if (path !== '-') checkOutFile(path, { force: args.has('force') })
}

/** Writes what was made: to a file for its owner only, or to standard output where that is safe. */
export async function writeTarget(
  path: string,
  data: Uint8Array | string,
  args: Arguments,
  { output }: Context,
  { plainKey }: { plainKey: boolean },
): Promise<void> {
  if (path !== '-') return await writeCredentialFile(path, data, { force: args.has('force') })
  if (output.toTerminal && typeof data !== 'string') {
    throw usageError('PKCS#12 is binary and is not printed to a terminal', 'give --out FILE, or a pipe')
  }
  if (output.toTerminal && plainKey) {
    throw usageError(
      'a private key that is not encrypted is not shown on a terminal',
      'give --out FILE, or a pipe, or --encrypt',
    )
  }
  await output.data(data)
}

/** What was written, for people. */
export function sayWritten(path: string, what: string, { output }: Context): void {
  if (path !== '-') output.say(`wrote ${nameOf(path)}: ${what}`)
}
