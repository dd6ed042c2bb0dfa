import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Certificate } from '../../../src/x509/index.ts'
import type { VerifySignature } from './verify-signature.ts'

const run = promisify(execFile)
const LIMITS = { timeout: 30_000, maxBuffer: 1024 * 1024, windowsHide: true }

/** What the OpenSSL of this machine can do. */
export interface OpensslFacts {
  /** `OpenSSL 3.0.22`. */
  readonly name: string
  /** Whether its engine for GOST is there. */
  readonly gost: boolean
}

/** Asks the command `openssl` who it is. @returns undefined where there is none that knows CMS */
export async function findOpenssl(): Promise<OpensslFacts | undefined> {
  try {
    const { stdout } = await run('openssl', ['version'], LIMITS)
    const name = /^OpenSSL \S+/.exec(stdout)?.[0]
    if (name === undefined) return undefined
    const gost = await run('openssl', ['engine', '-t', 'gost'], LIMITS).then(
      () => true,
      () => false,
    )
    return { name, gost }
  } catch {
    return undefined
  }
}

/** Verifies with `openssl cms -verify`, by one registered certificate after the other. */
export function verifyByOpenssl(engine: 'gost' | undefined): VerifySignature {
  return async (signature, content, registered) => {
    const folder = await mkdtemp(join(tmpdir(), 'sealkit-simulator-'))
    try {
      await writeFile(join(folder, 'signature.der'), signature, { mode: 0o600 })
      await writeFile(join(folder, 'content'), content, { mode: 0o600 })
      for (const certificate of registered) {
        if (await isSignedBy(certificate, folder, engine)) return certificate
      }
      return undefined
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
}

async function isSignedBy(
  certificate: Certificate,
  folder: string,
  engine: 'gost' | undefined,
): Promise<boolean> {
  const file = (name: string) => join(folder, name)
  await writeFile(file('registered.pem'), certificate.toPem())
  // The registered certificate is all the trust there is: none of the system's, and no authority above it is asked for.
  const trust = ['-CAfile', file('registered.pem'), '-no-CApath', '-no-CAstore', '-partial_chain']
  const input = ['-inform', 'DER', '-in', file('signature.der'), '-content', file('content'), '-binary']
  const found = ['-certfile', file('registered.pem'), '-signer', file('signer.pem'), '-out', file('out')]
  const options = ['-purpose', 'any', ...(engine === undefined ? [] : ['-engine', engine])]
  try {
    await run('openssl', ['cms', '-verify', ...input, ...trust, ...found, ...options], LIMITS)
  } catch {
    return false
  }
  const signers = (await readFile(file('signer.pem'), 'utf8')).split(/(?=-----BEGIN)/)
  return signers.every((pem) => Buffer.compare(Certificate.fromPem(pem).der, certificate.der) === 0)
}
