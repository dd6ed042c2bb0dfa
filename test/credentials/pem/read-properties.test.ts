import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { encodePem } from '../../../src/asn1/index.ts'
import {
  type Credentials,
  type PrivateKey,
  readCertificates,
  readCredentials,
  writePem,
} from '../../../src/credentials/index.ts'
import { SealkitError } from '../../../src/errors.ts'
import type { Certificate } from '../../../src/x509/index.ts'
import { vector } from '../support.ts'

const FILES = ['rsa', 'rsa-pss', 'p256', 'p384', 'p521', 'ed25519', 'ed448'] as const
const certificates = ['rsa.crt', 'p256.crt', 'root.crt', 'issuing.crt'].flatMap((name) =>
  readCertificates(vector(name)),
)
let keys: PrivateKey[] = []
beforeAll(async () => {
  const read = FILES.map(async (name) => (await readCredentials(vector(`${name}.pkcs8.pem`))).keys)
  keys = (await Promise.all(read)).flat().map(({ key }) => key)
})

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const shown = ({ keys: found, certificates: all }: Credentials): unknown => [
  found.map(({ key }) => hex(key.pkcs8())),
  all.map(({ certificate }) => hex(certificate.der)),
]

/** Anything that may stand between blocks, without a line that begins as a mark does. */
const prose = fc
  .string({ unit: 'binary', maxLength: 60 })
  .map((text) => text.replaceAll('-----', '').replace(/^\ufeff/, ''))

/** Ways in which programs and mail spoil a text without changing what it says. */
const spoiled: readonly ((text: string) => string | Uint8Array)[] = [
  (text) => text,
  (text) => text.replaceAll('\n', '\r\n'),
  (text) => text.replaceAll('\n', '\r'),
  (text) => text.replace(/^/gm, '\t '),
  (text) => text.replace(/$/gm, ' \u00a0'),
  (text) => text.trimEnd(),
  (text) => `\ufeff${text}`,
  (text) => Buffer.from(text),
  (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
]

describe('what is written is read', () => {
  it('whatever the key, order, comments, names and way of spoiling', async () => {
    const cases = fc.record({
      which: fc.nat(FILES.length - 1),
      others: fc.subarray(certificates),
      order: fc.constantFrom('key-first', 'key-last'),
      comments: fc.boolean(),
      friendlyName: fc.string({ unit: 'binary', maxLength: 80 }),
      way: fc.constantFrom(...spoiled),
    })
    await fc.assert(
      fc.asyncProperty(cases, async ({ which, others, order, comments, friendlyName, way }) => {
        const key = keys[which] as PrivateKey
        const named = others.map((certificate: Certificate) => ({ certificate, friendlyName }))
        const contents = { keys: [{ key, friendlyName }], certificates: named }
        const read = await readCredentials(way(await writePem(contents, { order, comments })))
        expect(shown(read)).toEqual([[hex(key.pkcs8())], others.map(({ der }) => hex(der))])
        expect(read.skipped).toEqual([])
      }),
      { numRuns: 150 },
    )
  })

  it('with any text around the blocks', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(prose, { minLength: 3, maxLength: 3 }), async ([before, between, after]) => {
        const key = keys[2] as PrivateKey
        const [certificate] = certificates as [Certificate]
        const blocks = [encodePem('PRIVATE KEY', key.pkcs8()), encodePem('CERTIFICATE', certificate.der)]
        const read = await readCredentials(`${before}\n${blocks[0]}${between}\n${blocks[1]}${after}`)
        expect(shown(read)).toEqual([[hex(key.pkcs8())], [hex(certificate.der)]])
      }),
      { numRuns: 200 },
    )
  })

  it('encrypted, with any password but the empty one', async () => {
    const passwords = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(passwords, fc.nat(FILES.length - 1), async (password, which) => {
        const key = keys[which] as PrivateKey
        const text = await writePem({ keys: [{ key }] }, { password, iterations: 1000 })
        const read = await readCredentials(text, { password })
        expect(shown(read)).toEqual([[hex(key.pkcs8())], []])
        const wrong = await readCredentials(text, { password: `${password}x` }).catch((error) => error.code)
        expect(wrong).toBe('ERR_CREDENTIAL_PASSWORD_WRONG')
      }),
      { numRuns: 40 },
    )
  })
})

describe('mutated PEM', () => {
  const originals = ['p256.pkcs8.pem', 'p256.sec1-with-parameters.pem', 'rsa.traditional-aes256.pem'].map(
    (name) => [
      ...Buffer.from(vector(name)).toString('latin1'),
      ...Buffer.from(vector('p256.crt')).toString(),
    ],
  )
  const edits = fc.array(
    fc.record({
      at: fc.noBias(fc.nat(99_999)),
      gone: fc.nat(3),
      put: fc.oneof(
        fc.string({ unit: 'binary', maxLength: 3 }),
        fc.constantFrom(
          '-----BEGIN X-----\n',
          '-----END X-----\n',
          '\n',
          ':',
          '\0',
          '=',
          'Proc-Type: 4,ENCRYPTED\n',
        ),
      ),
    }),
    { minLength: 1, maxLength: 4 },
  )

  it('is read, or is a typed error', async () => {
    let refused = 0
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...originals), edits, async (original, changes) => {
        const text = [...original]
        for (const { at, gone, put } of changes)
          text.splice(Math.floor((at / 100_000) * text.length), gone, put)
        const outcome = await readCredentials(text.join(''), { password: 'test' }).catch((error) => error)
        if (outcome instanceof Error) {
          expect(outcome).toBeInstanceOf(SealkitError)
          refused++
        }
      }),
      { numRuns: 1000 },
    )
    expect(refused).toBeGreaterThan(300)
  })
})

describe('large inputs', () => {
  // Of 4 MiB each: what takes more than linear time would not end before the suite's time is out.
  const limits = { maxBytes: 2 ** 23 }
  const SIZE = 2 ** 22
  it.each([
    ['dashes', '-'],
    ['spaces', ' '],
    ['line ends', '\n'],
    ['BEGIN marks without line ends', '-----BEGIN '],
    ['END marks in lines of their own', '-----END X-----\n'],
    ['marks inside lines', 'x-----BEGIN X-----\n'],
    ['header lines', 'a: b\n'],
    ['bag attributes', 'Bag Attributes\n'],
  ])('of %s', async (_, piece) => {
    const text = piece.repeat(Math.floor(SIZE / piece.length))
    const outcome = await readCredentials(text, { limits }).catch((error) => error)
    expect(outcome).toBeInstanceOf(SealkitError)
    const behind = `${text}\n${encodePem('CERTIFICATE', (certificates[0] as Certificate).der)}`
    const read = await readCredentials(behind, { limits }).catch((error) => error)
    expect(read instanceof SealkitError || read.certificates.length === 1).toBe(true)
  })
})
