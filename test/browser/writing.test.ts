/** Keys, requests, certificates, PEM and PKCS#12 made in a browser: OpenSSL opens and verifies them. */
import { createHash, createPublicKey, X509Certificate } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mustRun } from '../interop/support/run.ts'
import { describeWith, tempDir } from '../support/tools.ts'
import { openBareNode } from './support/bare-node.ts'
import { type BundleFile, bundle } from './support/bundle.ts'
import { openChromium } from './support/chromium.ts'
import type { Host } from './support/host.ts'
import type { Made } from './support/writing.ts'

const TYPES = ['RSA-2048', 'P-256', 'P-384', 'P-521', 'Ed25519'] as const
const PASSWORD = 'from a browser'

describeWith(['chromium', 'openssl'], 'made in Chromium', () => suite(openChromium))
describeWith('openssl', "made in a Node without Node's own", () => suite(openBareNode))

function suite(open: (files: readonly BundleFile[]) => Promise<Host>): void {
  let host: Host
  beforeAll(async () => {
    host = await open(await bundle())
    await host.run('platform')
  })
  afterAll(async () => {
    await host.close()
    expect(host.complaints).toEqual([])
  })

  describe.each(TYPES)('%s', (type) => {
    let made: Made
    beforeAll(async () => {
      made = await host.run('make', type, PASSWORD)
    })

    it('a request that verifies', async () => {
      const { stdout } = await openssl(['req', '-verify', '-noout', '-pubkey'], made.request)
      expect(keyOf(stdout)).toBe(made.key)
    })

    it.each(['pem', 'encryptedPem', 'scryptPem'] as const)('%s', async (form) => {
      const { stdout } = await openssl(['pkey', '-passin', `pass:${PASSWORD}`, '-pubout'], made[form])
      expect(keyOf(stdout)).toBe(made.key)
      expect(certificatesOf(made[form])).toEqual(made.certificates)
      if (form !== 'pem')
        await expect(openssl(['pkey', '-passin', 'pass:wrong'], made[form])).rejects.toThrow()
    })

    it.each(['modern', 'legacy', 'java', 'AES-192', 'scrypt'])('PKCS#12, %s', async (name) => {
      const opened = await pkcs12(made.files[name], ['-nodes'])
      const { stdout } = await openssl(['pkey', '-pubout'], opened)
      expect(keyOf(stdout)).toBe(made.key)
      expect(certificatesOf(opened)).toEqual(made.certificates)
      expect(opened).toContain('friendlyName: ')
    })

    it('a truststore', async () => {
      const opened = await pkcs12(made.files['truststore'], [])
      expect(certificatesOf(opened)).toEqual(made.certificates)
      expect(opened).not.toContain('PRIVATE KEY')
    })

    it('is inspected where it was made', async () => {
      const text = await host.run('look', made.files['modern'] ?? '', PASSWORD)
      expect(text).toContain('api.bank.example')
      expect(text).toContain('PBES2 AES-256-CBC')
      const request = Buffer.from(made.request).toString('base64')
      expect(await host.run('look', request, PASSWORD)).toContain('DNS:api.bank.example')
    })

    it('opens where it was made', async () => {
      for (const [name, file] of Object.entries(made.files)) {
        const { keys, certificates } = await host.run('openPkcs12', file, { password: PASSWORD })
        expect(certificates.toSorted(), name).toEqual(made.certificates.toSorted())
        expect(keys.map(({ fingerprint }) => fingerprint)).toEqual(name === 'truststore' ? [] : [made.key])
      }
      const base64 = Buffer.from(made.scryptPem).toString('base64')
      const { keys } = await host.run('open', base64, { password: PASSWORD })
      expect(keys).toMatchObject([{ fingerprint: made.key, certificate: made.certificates[0] }])
    })
  })
}

function openssl(args: readonly string[], input: string) {
  return mustRun('openssl', args, { input: Buffer.from(input) })
}

async function pkcs12(base64: string | undefined, options: readonly string[]): Promise<string> {
  const file = join(tempDir(), 'made.p12')
  writeFileSync(file, Buffer.from(base64 ?? '', 'base64'))
  const { stdout } = await mustRun('openssl', [
    'pkcs12',
    '-in',
    file,
    '-passin',
    `pass:${PASSWORD}`,
    ...options,
  ])
  return stdout.toString()
}

const short = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex').slice(0, 16)

function keyOf(publicKeyPem: Buffer): string {
  return short(createPublicKey(publicKeyPem).export({ format: 'der', type: 'spki' }))
}

function certificatesOf(pem: string): string[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  return blocks.map((block) => short(new X509Certificate(block).raw))
}
