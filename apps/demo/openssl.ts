import { spawnSync } from 'node:child_process'

/** What OpenSSL says to a signature. */
export interface OpenSslAnswer {
  /** `OpenSSL 3.0.18`. */
  readonly version: string
  readonly accepted: boolean
  /** Its own words. */
  readonly words: string
}

/** The commands, as a user would type them. */
export const OPENSSL_COMMANDS = [
  'openssl base64 -d -A -in token.sig -out token.p7s',
  'openssl cms -verify -binary -inform DER -in token.p7s -content token.txt -CAfile cert.pem -out /dev/null',
] as const

/** Has OpenSSL verify `token.sig` over `token.txt`. Undefined where it is not installed. */
export function askOpenSsl(folder: string): OpenSslAnswer | undefined {
  const version = spawnSync('openssl', ['version'], { encoding: 'utf8' })
  if (version.status !== 0) return undefined
  let words = ''
  let accepted = true
  for (const command of OPENSSL_COMMANDS) {
    const [program = '', ...args] = command.split(' ')
    const { status, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8' })
    words = stderr.trim()
    accepted &&= status === 0
  }
  return {
    version: version.stdout.split(' ').slice(0, 2).join(' '),
    accepted,
    words: words.split('\n')[0] ?? '',
  }
}
