/** What is written comes back: any number of keys, any names, any password. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readCredentials, readPkcs12, writePem, writePkcs12 } from '../../../src/credentials/index.ts'
import { makePair } from './make-pkcs12.ts'

const issuer = makePair('ed25519', 'issuer', 'issuer')
const kinds = ['ed25519', 'p256', 'secp256k1'] as const
const pairs = Array.from({ length: 6 }, (_, i) => makePair(kinds[i % 3], `subject ${i}`))

/** Any characters, those that do harm elsewhere often. */
const character = fc.oneof(
  fc.constantFrom('\0', '\n', '-', '\u202e', '🔑', 'ß'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
)
const text = (maxLength: number) => fc.string({ unit: character, maxLength })
/** A password that can be typed in. */
const passwords = text(20).filter((password) => !password.includes('\0'))
const entries = fc.uniqueArray(
  fc.record({
    pair: fc.constantFrom(...pairs),
    withCertificate: fc.boolean(),
    withChain: fc.boolean(),
    friendlyName: fc.option(text(40), { nil: undefined }),
  }),
  { selector: ({ pair }) => pair, maxLength: 4 },
)
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

it('PKCS#12: keys, certificates, chains and names come back as they were', async () => {
  const profiles = fc.constantFrom('modern', 'legacy')
  const macs = fc.constantFrom(undefined, 'PBMAC1', 'HMAC-SHA-512')
  await fc.assert(
    fc.asyncProperty(entries, passwords, profiles, macs, async (given, password, profile, mac) => {
      const keys = given.map(({ pair, withCertificate, withChain, friendlyName }) => ({
        key: pair.key,
        certificate: withCertificate ? pair.certificate : undefined,
        chain: withCertificate && withChain ? [issuer.certificate] : [],
        friendlyName,
      }))
      const certificates = [{ certificate: issuer.certificate, friendlyName: 'issuer of all', trusted: true }]
      const file = await writePkcs12({ keys, certificates }, { password, profile, mac, iterations: 1000 })
      const read = await readPkcs12(file, { password })
      expect(read.keys.map(({ key }) => hex(key.pkcs8()))).toEqual(given.map(({ pair }) => hex(pair.pkcs8)))
      expect(read.keys.map(({ certificate }) => certificate && hex(certificate.der))).toEqual(
        keys.map(({ certificate }) => certificate && hex(certificate.der)),
      )
      const names = read.keys.map(({ friendlyName }) => friendlyName ?? '')
      expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length)
      given.forEach(({ friendlyName = '' }, i) => {
        if (friendlyName !== '') expect(names[i]?.startsWith(friendlyName)).toBe(true)
      })
      const trusted = read.certificates.filter((each) => each.trusted)
      expect(trusted.map(({ friendlyName }) => friendlyName)).toEqual([
        names.some((name) => name.toLowerCase() === 'issuer of all') ? 'issuer of all-2' : 'issuer of all',
      ])
      expect(read.skipped).toEqual([])
      // What was read can be written again, as it is.
      const again = await readPkcs12(await writePkcs12(read, { password: 'x', iterations: 1000 }), {
        password: 'x',
      })
      expect(again.keys.map(({ friendlyName }) => friendlyName ?? '')).toEqual(names)
      expect(again.certificates.map(({ certificate }) => hex(certificate.der)).sort()).toEqual(
        read.certificates.map(({ certificate }) => hex(certificate.der)).sort(),
      )
    }),
    { numRuns: 60 },
  )
})

it('PEM: the key and the certificates come back, whatever the name says', async () => {
  const options = fc.record({ password: fc.option(passwords, { nil: undefined }), comments: fc.boolean() })
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...pairs),
      text(80),
      options,
      async (pair, friendlyName, { password, comments }) => {
        fc.pre(password !== '')
        const keys = [
          { key: pair.key, certificate: pair.certificate, chain: [issuer.certificate], friendlyName },
        ]
        const written = await writePem(
          { keys },
          { password, comments, iterations: password === undefined ? undefined : 1000 },
        )
        const read = await readCredentials(written, { password })
        expect(read.keys.map(({ key }) => hex(key.pkcs8()))).toEqual([hex(pair.pkcs8)])
        expect(read.certificates.map(({ certificate }) => hex(certificate.der))).toEqual(
          [pair, issuer].map(({ certificate }) => hex(certificate.der)),
        )
      },
    ),
    { numRuns: 60 },
  )
})
