import { describe, expect, it } from 'vitest'
import {
  encodePssParameters,
  type HashName,
  hashAlgorithm,
  type PssParameters,
  parsePssParameters,
  parseSignatureAlgorithm,
} from '../../src/algorithms/index.ts'
import { der } from '../../src/asn1/index.ts'
import { codeOf, errorOf, hex } from './helpers.ts'

const oids = { sha1: '1.3.14.3.2.26', sha256: '2.16.840.1.101.3.4.2.1', sha224: '2.16.840.1.101.3.4.2.4' }
const hashId = (oid: string): Uint8Array => der.sequence([der.oid(oid), der.null()])
const mgf1 = (hash: Uint8Array): Uint8Array => der.sequence([der.oid('1.2.840.113549.1.1.8'), hash])
const fields = {
  hash: (element: Uint8Array) => der.explicit(0, element),
  mgf: (element: Uint8Array) => der.explicit(1, element),
  salt: (length: number) => der.explicit(2, der.integer(length)),
  trailer: (value: number) => der.explicit(3, der.integer(value)),
}

function summary({ hash, mgfHash, saltLength }: PssParameters): [HashName, HashName, number] {
  return [hash.name, mgfHash.name, saltLength]
}
const parse = (...parts: Uint8Array[]): ReturnType<typeof summary> =>
  summary(parsePssParameters(der.sequence(parts)))
const code = (...parts: Uint8Array[]): string => codeOf(() => parse(...parts))

describe('RSASSA-PSS-params', () => {
  it('has defaults: SHA-1, MGF1 with SHA-1, 20, 1 (RFC 4055 3.1)', () => {
    expect(parse()).toEqual(['SHA-1', 'SHA-1', 20])
    expect(parse(fields.hash(hashId(oids.sha256)))).toEqual(['SHA-256', 'SHA-1', 20])
    expect(parse(fields.mgf(mgf1(hashId(oids.sha256))))).toEqual(['SHA-1', 'SHA-256', 20])
    expect(parse(fields.salt(0))).toEqual(['SHA-1', 'SHA-1', 0])
  })

  it('may spell a default out: verifiers must know both forms (RFC 4055 3.1)', () => {
    const spelled = [
      fields.hash(hashId(oids.sha1)),
      fields.mgf(mgf1(hashId(oids.sha1))),
      fields.salt(20),
      fields.trailer(1),
    ]
    expect(parse(...spelled)).toEqual(['SHA-1', 'SHA-1', 20])
    expect(encodePssParameters(parsePssParameters(der.sequence(spelled)))).toEqual(hex('3000'))
  })

  it('may leave the NULL of a hash out (RFC 4055 2.1), and writes it', () => {
    const bare = der.sequence([der.oid(oids.sha256)])
    const parameters = der.sequence([fields.hash(bare), fields.mgf(mgf1(bare)), fields.salt(32)])
    expect(summary(parsePssParameters(parameters))).toEqual(['SHA-256', 'SHA-256', 32])
    expect(encodePssParameters(parsePssParameters(parameters))).toEqual(
      hex(
        '3034a00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d06096086480165030402010500a203020120',
      ),
    )
  })

  it.each(['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'] as const)('comes back as it was written: %s', (name) => {
    for (const mgfName of ['SHA-1', 'SHA-256', 'SHA-512'] as const) {
      for (const saltLength of [0, 20, 32, 64, 127, 128, 222]) {
        const given = { hash: hashAlgorithm(name), mgfHash: hashAlgorithm(mgfName), saltLength }
        expect(parsePssParameters(encodePssParameters(given))).toEqual(given)
      }
    }
  })
})

describe('refused', () => {
  it('trailer fields other than 1', () => {
    for (const value of [0, 2, 188]) expect(code(fields.trailer(value))).toBe('ERR_ALGORITHM_PARAMETERS')
    expect(code(fields.trailer(-1))).toBe('ERR_ASN1_VALUE')
  })

  it('mask functions other than MGF1, and MGF1 without its hash', () => {
    const other = der.sequence([der.oid('1.2.840.113549.1.1.9'), hashId(oids.sha256)])
    expect(code(fields.mgf(other))).toBe('ERR_ALGORITHM_PARAMETERS')
    expect(code(fields.mgf(mgf1(der.null())))).toBe('ERR_ASN1_UNEXPECTED_TAG')
    expect(code(fields.mgf(der.sequence([der.oid('1.2.840.113549.1.1.8')])))).toBe('ERR_ASN1_TRUNCATED')
    const error = errorOf(() => parse(fields.mgf(der.sequence([der.oid('2.16.840.1.101.3.4.2.11')]))))
    expect(error.message).toContain('SHAKE128')
  })

  it('hashes that PSS is not used with, in either place', () => {
    for (const name of ['MD5', 'SHAKE256'] as const) {
      const { der: id } = hashAlgorithm(name)
      expect(code(fields.hash(id))).toBe('ERR_ALGORITHM_PARAMETERS')
      expect(code(fields.mgf(mgf1(id)))).toBe('ERR_ALGORITHM_PARAMETERS')
    }
    expect(code(fields.hash(hashId(oids.sha224)))).toBe('ERR_ALGORITHM_UNKNOWN')
    expect(code(fields.mgf(mgf1(hashId(oids.sha224))))).toBe('ERR_ALGORITHM_UNKNOWN')
  })

  it('salts that no signature has', () => {
    expect(code(fields.salt(-1))).toBe('ERR_ASN1_VALUE')
    expect(code(fields.salt(2048))).toBe('returned SHA-1,SHA-1,2048')
    expect(code(fields.salt(2049))).toBe('ERR_ALGORITHM_PARAMETERS')
    expect(code(fields.salt(2 ** 31))).toBe('ERR_ASN1_VALUE')
  })

  it('fields out of order, twice, unknown, or with something behind them', () => {
    expect(code(fields.salt(32), fields.hash(hashId(oids.sha256)))).toBe('ERR_ASN1_TRAILING_DATA')
    expect(code(fields.salt(32), fields.salt(32))).toBe('ERR_ASN1_TRAILING_DATA')
    expect(code(der.explicit(4, der.integer(1)))).toBe('ERR_ASN1_TRAILING_DATA')
    expect(code(der.null())).toBe('ERR_ASN1_TRAILING_DATA')
    const two = der.explicit(2, new Uint8Array([...der.integer(32), ...der.integer(32)]))
    expect(code(two)).toBe('ERR_ASN1_TRAILING_DATA')
    expect(code(der.explicit(2, new Uint8Array()))).toBe('ERR_ASN1_TRUNCATED')
  })

  it('an algorithm without parameters, or with NULL: nothing is guessed', () => {
    const pss = der.oid('1.2.840.113549.1.1.10')
    expect(codeOf(() => parseSignatureAlgorithm(der.sequence([pss])))).toBe('ERR_ALGORITHM_PARAMETERS')
    expect(codeOf(() => parseSignatureAlgorithm(der.sequence([pss, der.null()])))).toBe(
      'ERR_ASN1_UNEXPECTED_TAG',
    )
    const defaults = parseSignatureAlgorithm(der.sequence([pss, der.sequence([])]))
    expect([defaults.scheme, defaults.family, defaults.hash?.name]).toEqual(['RSASSA-PSS', 'RSA', 'SHA-1'])
  })
})
