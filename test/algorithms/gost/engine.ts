import { spawnSync } from 'node:child_process'

/** What OpenSSL's gost engine says: the digest in hex. */
export function engineDigest(name: string, message: Uint8Array): string {
  const args = ['dgst', '-engine', 'gost', `-${name}`, '-binary']
  const { status, stdout, stderr } = spawnSync('openssl', args, { input: message })
  if (status !== 0) throw new Error(`openssl dgst: ${stderr.toString()}`)
  return stdout.toString('hex')
}
