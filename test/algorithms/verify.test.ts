import { createHash, createVerify, type KeyObject, verify as nodeVerify, sign } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  type AlgorithmPolicy,
  checkKeyFits,
  checkStrength,
  encodePssParameters,
  type HashName,
  hashAlgorithm,
  importPublicKey,
  nodeOptions,
  type PublicKey,
  parseSignatureAlgorithm,
  type SignatureAlgorithm,
  verifyInput,
  verifySignature,
} from '../../src/algorithms/index.ts'
import { der } from '../../src/asn1/index.ts'
import { codeOf, errorOf, generate, hex, rsaSpki, spki } from './helpers.ts'

const message = hex('00010203')
const pss = (hash: HashName, mgfHash: HashName, saltLength: number): Uint8Array =>
  encodePssParameters({ hash: hashAlgorithm(hash), mgfHash: hashAlgorithm(mgfHash), saltLength })
const pssAlgorithm = (hash: HashName, mgfHash: HashName, saltLength: number): SignatureAlgorithm =>
  parseSignatureAlgorithm(der.sequence([der.oid('1.2.840.113549.1.1.10'), pss(hash, mgfHash, saltLength)]))

const ALGORITHMS: Record<string, SignatureAlgorithm> = {
  'PKCS#1': parseSignatureAlgorithm(hex('300d06092a864886f70d01010b0500')),
  PSS: pssAlgorithm('SHA-256', 'SHA-256', 32),
  ECDSA: parseSignatureAlgorithm(hex('300a06082a8648ce3d040302')),
  Ed25519: parseSignatureAlgorithm(hex('300506032b6570')),
  Ed448: parseSignatureAlgorithm(hex('300506032b6571')),
}

interface Key {
  publicKey: PublicKey
  privateKey: KeyObject
}
const keys: Record<string, Key> = {}
const key = (name: string): Key => keys[name] as Key

/** The same RSA key as an RSA-PSS key, restricted where parameters are given. */
function asPssKey(publicKey: PublicKey, parameters?: Uint8Array): PublicKey {
  const oid = der.oid('1.2.840.113549.1.1.10')
  const pkcs1 = (publicKey.keyObject as KeyObject).export({ format: 'der', type: 'pkcs1' })
  return importPublicKey(spki(parameters === undefined ? [oid] : [oid, parameters], pkcs1))
}

beforeAll(() => {
  keys['RSA'] = generate.rsa()
  keys['RSA-1024'] = generate.rsa(1024)
  keys['RSA-PSS'] = { ...key('RSA'), publicKey: asPssKey(key('RSA').publicKey) }
  keys['P-256'] = generate.ec('P-256')
  keys['P-384'] = generate.ec('P-384')
  keys['P-521'] = generate.ec('P-521')
  keys['Ed25519'] = generate.ed25519()
  keys['Ed448'] = generate.ed448()
})

describe('key and algorithm', () => {
  const FITS: Record<string, string[]> = {
    'PKCS#1': ['RSA'],
    PSS: ['RSA', 'RSA-PSS'],
    ECDSA: ['P-256', 'P-384', 'P-521'],
    Ed25519: ['Ed25519'],
    Ed448: ['Ed448'],
  }
  const pairs = Object.keys(FITS).flatMap((algorithm) =>
    ['RSA', 'RSA-PSS', 'P-256', 'P-384', 'P-521', 'Ed25519', 'Ed448'].map((name) => ({
      algorithm,
      name,
      fits: FITS[algorithm]?.includes(name) === true,
    })),
  )

  it.each(pairs)('$algorithm with $name: $fits', ({ algorithm, name, fits }) => {
    const chosen = ALGORITHMS[algorithm] as SignatureAlgorithm
    const { publicKey, privateKey } = key(name)
    if (!fits) {
      const verify = (): boolean => verifySignature(chosen, publicKey, message, new Uint8Array(64))
      expect(codeOf(verify)).toBe('ERR_ALGORITHM_KEY_MISMATCH')
      expect(codeOf(() => checkKeyFits(chosen, publicKey))).toBe('ERR_ALGORITHM_KEY_MISMATCH')
      return
    }
    const signature = sign(chosen.hash?.node ?? null, message, { key: privateKey, ...nodeOptions(chosen) })
    expect(verifySignature(chosen, publicKey, message, signature)).toBe(true)
    expect(verifySignature(chosen, publicKey, hex('00'), signature)).toBe(false)
    expect(codeOf(() => checkKeyFits(chosen, publicKey))).toBe('returned undefined')
  })

  it('says which', () => {
    const { message: text } = errorOf(() =>
      checkKeyFits(ALGORITHMS['ECDSA'] as SignatureAlgorithm, key('RSA').publicKey),
    )
    expect(text).toBe('ECDSA does not fit RSA keys')
  })
})

describe('RSA-PSS keys keep to their restrictions (RFC 4055 3.3)', () => {
  it.each([
    ['the same', 'SHA-256', 'SHA-256', 32, true],
    ['more salt', 'SHA-256', 'SHA-256', 100, true],
    ['less salt', 'SHA-256', 'SHA-256', 31, false],
    ['another hash', 'SHA-512', 'SHA-256', 32, false],
    ['another MGF hash', 'SHA-256', 'SHA-512', 32, false],
  ] as const)('%s: %5$s', (_, hash, mgfHash, saltLength, fits) => {
    const restricted = asPssKey(key('RSA').publicKey, pss('SHA-256', 'SHA-256', 32))
    const run = (): boolean =>
      verifySignature(pssAlgorithm(hash, mgfHash, saltLength), restricted, message, new Uint8Array(256))
    expect(codeOf(run)).toBe(fits ? 'returned false' : 'ERR_ALGORITHM_KEY_MISMATCH')
  })

  it('to SHA-1, where the parameters are all defaults', () => {
    const restricted = asPssKey(key('RSA').publicKey, hex('3000'))
    const error = errorOf(() => checkKeyFits(ALGORITHMS['PSS'] as SignatureAlgorithm, restricted))
    expect(error.message).toContain('SHA-1, MGF1 with SHA-1 and at least 20 bytes of salt')
    expect(codeOf(() => checkKeyFits(pssAlgorithm('SHA-1', 'SHA-1', 20), restricted))).toBe(
      'returned undefined',
    )
  })
})

describe('RSASSA-PSS in every combination', () => {
  const hashes = ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'] as const
  const combinations = hashes.flatMap((hash) => hashes.map((mgfHash) => ({ hash, mgfHash })))

  it.each(combinations)(
    '$hash, MGF1 with $mgfHash: the salt length and the MGF hash count',
    ({ hash, mgfHash }) => {
      const policy = { allowWeakHashes: true }
      const { publicKey, privateKey } = key('RSA')
      // node:crypto signs with the hash for MGF1 only.
      const algorithm = pssAlgorithm(hash, hash, 32)
      const signature = sign(algorithm.hash?.node, message, { key: privateKey, ...nodeOptions(algorithm) })
      const verify = (other: SignatureAlgorithm): boolean =>
        verifySignature(other, publicKey, message, signature, policy)
      expect(verify(pssAlgorithm(hash, mgfHash, 32))).toBe(hash === mgfHash)
      for (const saltLength of [0, 20, 31, 33, 190, 1024, 2048]) {
        expect(verify(pssAlgorithm(hash, mgfHash, saltLength))).toBe(false)
      }
    },
  )

  it('finds no room in a small key: false, not an error of OpenSSL', () => {
    for (const bits of [3, 16, 64, 512, 1024]) {
      const publicKey = importPublicKey(rsaSpki(2n ** BigInt(bits) - 1n, 3n))
      const signature = new Uint8Array(Math.ceil(bits / 8)).fill(1)
      for (const mgfHash of ['SHA-256', 'SHA-512'] as const) {
        for (const saltLength of [0, 62, 63, 64, 2048]) {
          const run = (): boolean =>
            verifySignature(pssAlgorithm('SHA-512', mgfHash, saltLength), publicKey, message, signature, {
              minRsaBits: 0,
            })
          expect(codeOf(run)).toBe('returned false')
        }
      }
    }
  })

  it('uses all the room there is (RFC 8017 9.1.1)', () => {
    const { publicKey, privateKey } = key('RSA')
    const algorithm = pssAlgorithm('SHA-256', 'SHA-256', 256 - 32 - 2)
    const signature = sign('sha256', message, { key: privateKey, ...nodeOptions(algorithm) })
    expect(verifySignature(algorithm, publicKey, message, signature)).toBe(true)
  })
})

describe('policy', () => {
  const verify = (name: string, policy?: AlgorithmPolicy): string => {
    const { publicKey, privateKey } = key(name)
    const signature = sign('sha256', message, privateKey)
    return codeOf(() =>
      verifySignature(ALGORITHMS['PKCS#1'] as SignatureAlgorithm, publicKey, message, signature, policy),
    )
  }

  it('asks for 2048 bits of RSA, unless told otherwise', () => {
    expect(verify('RSA')).toBe('returned true')
    expect(verify('RSA-1024')).toBe('ERR_KEY_WEAK')
    expect(verify('RSA-1024', {})).toBe('ERR_KEY_WEAK')
    expect(verify('RSA-1024', { minRsaBits: undefined })).toBe('ERR_KEY_WEAK')
    expect(verify('RSA-1024', { minRsaBits: 1025 })).toBe('ERR_KEY_WEAK')
    expect(verify('RSA-1024', { minRsaBits: 1024 })).toBe('returned true')
    expect(verify('RSA', { minRsaBits: 3072 })).toBe('ERR_KEY_WEAK')
  })

  it('counts the bits of an RSA-PSS key likewise, and 2047 are not 2048', () => {
    const algorithm = ALGORITHMS['PSS'] as SignatureAlgorithm
    const small = asPssKey(key('RSA-1024').publicKey)
    expect(codeOf(() => checkStrength(algorithm, small, {}))).toBe('ERR_KEY_WEAK')
    const bits2047 = importPublicKey(rsaSpki(2n ** 2047n - 1n, 3n))
    expect(errorOf(() => checkStrength(algorithm, bits2047, {})).message).toContain('2047')
  })

  it.each([Number.NaN, '1024', -1, 2048.5, Number.POSITIVE_INFINITY])(
    '%s is no number of bits',
    (minRsaBits) => {
      expect(verify('RSA', { minRsaBits: minRsaBits as number })).toMatch(/^TypeError: minRsaBits/)
    },
  )

  it.each([
    ['RSA with SHA-1', '300d06092a864886f70d0101050500', 'RSA', 'sha1'],
    ['RSA with MD5', '300d06092a864886f70d0101040500', 'RSA', 'md5'],
    ['ECDSA with SHA-1', '300906072a8648ce3d0401', 'P-256', 'sha1'],
  ])('%s is verified when asked for', (_, algorithm, name, hash) => {
    const { publicKey, privateKey } = key(name)
    const signature = sign(hash, message, privateKey)
    const run = (policy?: AlgorithmPolicy): string =>
      codeOf(() =>
        verifySignature(parseSignatureAlgorithm(hex(algorithm)), publicKey, message, signature, policy),
      )
    expect(run()).toBe('ERR_ALGORITHM_WEAK')
    expect(run({ allowWeakHashes: false })).toBe('ERR_ALGORITHM_WEAK')
    expect(run({ allowWeakHashes: 'no' as never })).toBe('ERR_ALGORITHM_WEAK')
    expect(run({ allowWeakHashes: true })).toBe('returned true')
  })

  it('looks at the hash of MGF1 too', () => {
    const { publicKey } = key('RSA')
    const run = (hash: HashName, mgfHash: HashName): string =>
      codeOf(() => checkStrength(pssAlgorithm(hash, mgfHash, 20), publicKey, {}))
    expect(run('SHA-256', 'SHA-256')).toBe('returned undefined')
    expect(run('SHA-256', 'SHA-1')).toBe('ERR_ALGORITHM_WEAK')
    expect(run('SHA-1', 'SHA-256')).toBe('ERR_ALGORITHM_WEAK')
  })
})

describe('ECDSA signatures (RFC 3279 2.2.3)', () => {
  const ORDER = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551')

  it('are one SEQUENCE of r and s in DER, both from 1 to the order', () => {
    const { publicKey, privateKey } = key('P-256')
    const raw = sign('sha256', message, { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('hex')
    const [r, s] = [BigInt(`0x${raw.slice(0, 64)}`), BigInt(`0x${raw.slice(64)}`)]
    const verify = (signature: Uint8Array): string =>
      codeOf(() => verifySignature(ALGORITHMS['ECDSA'] as SignatureAlgorithm, publicKey, message, signature))
    const pair = (...values: bigint[]): Uint8Array => der.sequence(values.map((value) => der.integer(value)))
    expect(verify(pair(r, s))).toBe('returned true')
    // The other s of the same signature: ECDSA itself has both.
    expect(verify(pair(r, ORDER - s))).toBe('returned true')
    const good = pair(r, s)
    for (const bad of [
      ...[
        pair(r + ORDER, s),
        pair(r, s + ORDER),
        pair(r, -s),
        pair(-r, s),
        pair(s, r),
        pair(r),
        pair(r, s, 1n),
      ],
      ...[pair(0n, 0n), pair(0n, s), pair(r, 0n), pair(1n, 1n), pair(ORDER, ORDER)],
      ...[hex(raw), new Uint8Array(), hex('3000'), hex('30'), new Uint8Array(72)],
      // Not DER: a length in its long form, a padded integer, indefinite length, something behind.
      Uint8Array.of(0x30, 0x81, ...good.subarray(1)),
      der.sequence([Uint8Array.of(2, 34, 0, 0, ...hex(raw.slice(0, 64))), der.integer(s)]),
      Uint8Array.of(0x30, 0x80, ...good.subarray(2), 0, 0),
      Uint8Array.of(...good, 0),
    ]) {
      expect(verify(bad), Buffer.from(bad).toString('hex')).toBe('returned false')
    }
  })
})

describe('PKCS#1 v1.5 with e = 3', () => {
  it('takes no padding but the right one (CVE-2006-4339, CVE-2022-24771, CVE-2026-33894)', () => {
    // A cube whose root is found without the key: 00 01 ff 00 DigestInfo, then whatever makes it a cube.
    const publicKey = importPublicKey(rsaSpki(2n ** 2048n - 1n, 3n))
    const digestInfo = `3031300d060960864801650304020105000420${createHash('sha256').update(message).digest('hex')}`
    for (const padding of ['ff'.repeat(8), '', 'ff']) {
      const prefix =
        BigInt(`0x0001${padding}00${digestInfo}`) << BigInt(8 * (256 - 3 - padding.length / 2 - 51))
      const root = cubeRoot(prefix) + 1n
      const signature = hex(root.toString(16).padStart(512, '0'))
      expect(verifySignature(ALGORITHMS['PKCS#1'] as SignatureAlgorithm, publicKey, message, signature)).toBe(
        false,
      )
    }
  })

  function cubeRoot(value: bigint): bigint {
    let [low, high] = [0n, 2n ** 700n]
    while (low < high) {
      const middle = (low + high + 1n) / 2n
      if (middle ** 3n <= value) low = middle
      else high = middle - 1n
    }
    return low
  }
})

describe('arguments', () => {
  it.each(['text', undefined, null, [1, 2], new ArrayBuffer(4)])('%s is no bytes', (value) => {
    const [algorithm, { publicKey }] = [ALGORITHMS['Ed25519'] as SignatureAlgorithm, key('Ed25519')]
    expect(() => verifySignature(algorithm, publicKey, value as never, new Uint8Array(64))).toThrow(
      /^data must be/,
    )
    expect(() => verifySignature(algorithm, publicKey, message, value as never)).toThrow(/^signature must be/)
  })

  it('may be empty, or a megabyte', () => {
    for (const name of ['RSA', 'P-256', 'Ed25519', 'Ed448']) {
      const { publicKey, privateKey } = key(name)
      const algorithm = ALGORITHMS[{ RSA: 'PKCS#1', 'P-256': 'ECDSA' }[name] ?? name] as SignatureAlgorithm
      const empty = new Uint8Array()
      const signature = sign(algorithm.hash?.node ?? null, empty, privateKey)
      expect(verifySignature(algorithm, publicKey, empty, signature)).toBe(true)
      expect(verifySignature(algorithm, publicKey, empty, new Uint8Array(1_000_000))).toBe(false)
    }
  })
})

describe('verifyInput', () => {
  it.each([
    ['SHA-256', 'SHA-256'],
    ['SHA-512', 'SHA-256'],
  ] as const)('serves a stream: PSS with %s, MGF1 with %s', (hash, mgfHash) => {
    const { publicKey, privateKey } = key('RSA')
    const algorithm = pssAlgorithm(hash, mgfHash, 20)
    const signature = sign(algorithm.hash?.node, message, { key: privateKey, ...nodeOptions(algorithm) })
    const verify = createVerify(algorithm.hash?.node ?? '').update(message)
    expect(verify.verify(verifyInput(algorithm, publicKey), signature)).toBe(hash === mgfHash)
  })

  it('throws nothing of OpenSSL where salt and key do not go together', () => {
    const { publicKey } = key('RSA-1024')
    const input = verifyInput(pssAlgorithm('SHA-512', 'SHA-256', 100), publicKey)
    expect(nodeVerify('sha512', message, input, new Uint8Array(128).fill(1))).toBe(false)
  })
})
