import { createPrivateKey } from 'node:crypto'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { openSoftwareKey } from '../../providers/software/index.ts'
import { der } from '../../src/asn1/index.ts'
import { readCertificates, readPrivateKey } from '../../src/credentials/index.ts'
import { encryptKey } from '../credentials/make-encrypted.ts'
import { failure, vector } from '../credentials/support.ts'

const PASSWORD = 'correct-horse-battery-staple'

/** Numbers of a key as someone might print them: hexadecimal, base64, decimal octets; pieces of 12 bytes. */
function prints(secret: Uint8Array): string[] {
  const found: string[] = []
  for (let at = 0; at + 12 <= secret.length; at += 6) {
    const piece = Buffer.from(secret.subarray(at, at + 12))
    found.push(
      piece.toString('hex'),
      piece.toString('base64'),
      piece.toString('base64url'),
      [...piece].join(','),
    )
    found.push([...piece].map((octet) => octet.toString(16).padStart(2, '0')).join(' '))
  }
  return found
}

/** Everything that can be seen of an error or object, its causes and hidden properties too. */
function visible(thing: unknown): string {
  const texts = [inspect(thing, { depth: 20, showHidden: true, maxStringLength: null, maxArrayLength: null })]
  texts.push(JSON.stringify(thing) ?? '', String(thing))
  for (let error = thing; error instanceof Error; error = error.cause) {
    texts.push(error.message, error.stack ?? '', JSON.stringify(error, Object.getOwnPropertyNames(error)))
  }
  return texts.join('\n')
}

const secretNumbers = (name: string): Uint8Array[] => {
  const jwk = createPrivateKey(Buffer.from(vector(name))).export({ format: 'jwk' })
  return [jwk.d, jwk.p, jwk.q, jwk.dp, jwk.dq, jwk.qi]
    .filter((number) => number !== undefined)
    .map((number) => Buffer.from(number, 'base64url'))
}
const SECRETS = ['rsa.pkcs8.pem', 'p256.pkcs8.pem', 'ed25519.pkcs8.pem']
  .flatMap(secretNumbers)
  .flatMap(prints)

function expectNoSecret(thing: unknown): void {
  const text = visible(thing)
  expect(text).not.toContain(PASSWORD)
  expect(text).not.toContain(Buffer.from(PASSWORD).toString('hex'))
  expect(text).not.toContain(Buffer.from(PASSWORD).toString('base64'))
  expect(SECRETS.filter((secret) => text.includes(secret))).toEqual([])
}

describe('what is seen', () => {
  it('is looked for where it could be', () => {
    const leak = Object.assign(new Error('x', { cause: new Error(`wrong: ${PASSWORD}`) }), { code: 'E' })
    expect(() => expectNoSecret(leak)).toThrow()
    expect(() =>
      expectNoSecret({ key: Buffer.from(secretNumbers('p256.pkcs8.pem')[0] as Uint8Array) }),
    ).toThrow()
    expect(() =>
      expectNoSecret({ d: Buffer.from(secretNumbers('p256.pkcs8.pem')[0] as Uint8Array).toString('hex') }),
    ).toThrow()
  })

  it.each([
    'p256.pbes2-aes-256-cbc-hmacWithSHA256.pem',
    'p256.scrypt-16384.pem',
    'p256.pbe-sha1-3des.pem',
    'rsa.traditional-aes256.pem',
  ])('of a wrong password for %s is not the password', async (name) => {
    for (const password of [PASSWORD, Buffer.from(PASSWORD), async () => PASSWORD]) {
      expectNoSecret(await failure(() => readPrivateKey(vector(name), { password })))
    }
  })

  it('of a damaged key is not the key', async () => {
    for (const name of ['rsa.pkcs8.der', 'rsa.pkcs1.der', 'p256.pkcs8.der', 'p256.sec1.der']) {
      const bytes = vector(name)
      for (let at = 0; at < bytes.length; at += 29) {
        const damaged = Uint8Array.from(bytes)
        damaged[at] = (damaged[at] as number) ^ 0x55
        for (const input of [damaged, bytes.subarray(0, at), encryptKey(damaged)]) {
          await readPrivateKey(input, { password: 'test' }).catch(expectNoSecret)
        }
      }
    }
  })

  it('of text that is no key is not the text', async () => {
    const pem = Buffer.from(vector('p256.pkcs8.pem')).toString('latin1')
    for (const input of [
      pem.replace('M', '!'),
      pem.replace('END', 'XXX'),
      pem.slice(0, -20),
      pem.split('\n')[1] as string,
    ]) {
      expectNoSecret(await failure(() => readPrivateKey(input)))
      expectNoSecret(await failure(() => readCertificates(input)))
    }
    expectNoSecret(await failure(() => readCertificates(der.sequence([vector('p256.pkcs8.der')]))))
  })

  it('of an opened key is its algorithm and subject', async () => {
    const key = await openSoftwareKey({ key: vector('rsa.pkcs8.pem'), certificate: vector('rsa.crt') })
    expectNoSecret(key)
    expect(inspect(key)).toBe('SoftwareKey { RSASSA-PKCS1-v1_5 with SHA-256, CN=Leaf,O=sealkit test }')
    expect(JSON.parse(JSON.stringify(key))).toEqual({
      algorithm: 'RSASSA-PKCS1-v1_5 with SHA-256',
      subject: 'CN=Leaf,O=sealkit test',
    })
    expect(`${key}`).toBe('RSASSA-PKCS1-v1_5 with SHA-256, CN=Leaf,O=sealkit test')
  })
})
