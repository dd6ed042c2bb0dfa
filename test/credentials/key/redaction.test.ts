import { createPrivateKey, type KeyObject } from 'node:crypto'
import { format, inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { PrivateKey, readCredentials } from '../../../src/credentials/index.ts'
import { SealkitError } from '../../../src/errors.ts'
import { malformedVariants } from '../../support/malformed.ts'
import { vector } from '../support.ts'

const nodeKey = (name: string) => createPrivateKey(Buffer.from(vector(name)))

/** The last number of an RSAPrivateKey (JSON Web Keys have no RSA-PSS), else the secret number. */
function secretOf(key: KeyObject): Buffer {
  const isRsa = key.asymmetricKeyType?.startsWith('rsa')
  if (isRsa) return key.export({ format: 'der', type: 'pkcs8' }).subarray(-120)
  return Buffer.from(key.export({ format: 'jwk' }).d as string, 'base64url')
}

/** Such a number, in pieces of 12 bytes as someone might print them. */
function prints(name: string): string[] {
  const secret = secretOf(nodeKey(name))
  const starts = Array.from({ length: Math.floor((secret.length - 12) / 6) + 1 }, (_, i) => i * 6)
  return starts.flatMap((at) => {
    const piece = secret.subarray(at, at + 12)
    const hex = [...piece].map((octet) => octet.toString(16).padStart(2, '0'))
    const pieces = [
      hex.join(''),
      hex.join(' '),
      hex.join(':'),
      piece.toString('base64'),
      [...piece].join(','),
    ]
    return [...pieces, [...piece].join(', ')]
  })
}

/** All that shows of a thing. */
function visible(thing: unknown): string {
  const all = { depth: 30, showHidden: true, maxStringLength: null, maxArrayLength: null, getters: true }
  return [
    inspect(thing, all),
    inspect(thing, { ...all, customInspect: false }),
    inspect({ nested: [thing] }, all),
    inspect(structuredClone(thing instanceof Error ? thing.message : thing), all),
    format('%s %o %O %j %d', thing, thing, thing, thing, thing),
    JSON.stringify(thing) ?? '',
    JSON.stringify(Object.getOwnPropertyDescriptors(thing)),
    String(thing),
    ...(thing instanceof Error ? [thing.stack ?? '', inspect(thing.cause, all)] : []),
  ].join('\n')
}

describe.each(['rsa', 'rsa-pss', 'p256', 'p521', 'ed25519', 'ed448'])('the secret of %s', (start) => {
  const name = `${start}.pkcs8.pem`
  const secrets = prints(name)
  const shown = (thing: unknown): string[] => {
    const text = visible(thing)
    return secrets.filter((secret) => text.includes(secret))
  }

  it('is looked for where it could be', () => {
    expect(shown({ d: secretOf(nodeKey(name)) })).not.toEqual([])
  })

  it('does not show in the key, nor in what was read with it', async () => {
    const key = await PrivateKey.fromKeyObject(nodeKey(name))
    expect(shown(key)).toEqual([])
    await key.toKeyObject()
    expect(shown(key)).toEqual([])
    const { keys, notes } = await readCredentials(vector(name))
    expect(shown({ keys: keys.map(({ key: each }) => each), notes })).toEqual([])
  })

  it('does not show in errors about a damaged key', async () => {
    const pkcs8 = nodeKey(name).export({ format: 'der', type: 'pkcs8' })
    let refused = 0
    for (const { bytes, kind } of malformedVariants(pkcs8)) {
      if (bytes.length > 4096 || kind === 'truncated') continue
      const outcome: unknown = await PrivateKey.fromPkcs8(bytes).catch((error: unknown) => error)
      if (outcome instanceof PrivateKey) continue
      expect(outcome).toBeInstanceOf(SealkitError)
      if (refused++ % 40 === 0) expect(shown(outcome)).toEqual([])
    }
    expect(refused).toBeGreaterThan(100)
  })
})

it('shows kind, size and public key', async () => {
  const key = await PrivateKey.fromKeyObject(nodeKey('p256.pkcs8.pem'))
  const short = key.fingerprint?.slice(0, 16)
  expect(`${key}`).toBe(`EC P-256 (public key ${short}…)`)
  expect(inspect(key)).toBe(`PrivateKey { EC P-256 (public key ${short}…) }`)
  expect(JSON.parse(JSON.stringify(key))).toEqual({
    type: 'EC',
    name: 'EC P-256',
    bits: 256,
    publicKeySha256: key.fingerprint,
  })
})
