import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { importPublicKey, parseSignatureAlgorithm, verifySignature } from '../../src/algorithms/index.ts'
import { der } from '../../src/asn1/index.ts'
import { describeShared, shared } from '../support/tools.ts'
import { codeOf, hex } from './helpers.ts'

/** What each file holds: asserted, so that an empty or shortened file fails. */
const FILES: Record<string, { valid: number; invalid: number; acceptable?: number }> = {
  ecdsa_secp256r1_sha256_test: { valid: 174, invalid: 310 },
  ecdsa_secp384r1_sha384_test: { valid: 194, invalid: 310 },
  ecdsa_secp521r1_sha512_test: { valid: 232, invalid: 310 },
  ed25519_test: { valid: 88, invalid: 63 },
  rsa_pss_2048_sha256_mgf1_0_params_test: { valid: 61, invalid: 42 },
  rsa_pss_2048_sha256_mgf1_0_test: { valid: 61, invalid: 42 },
  rsa_pss_2048_sha256_mgf1_32_params_test: { valid: 63, invalid: 45 },
  rsa_pss_2048_sha256_mgf1_32_test: { valid: 63, invalid: 45 },
  rsa_pss_2048_sha256_mgf1sha1_20_test: { valid: 63, invalid: 45 },
  rsa_pss_2048_sha384_mgf1_48_test: { valid: 95, invalid: 46 },
  rsa_pss_2048_sha512_mgf1sha256_32_params_test: { valid: 132, invalid: 46 },
  rsa_pss_3072_sha256_mgf1_32_params_test: { valid: 63, invalid: 45 },
  rsa_pss_3072_sha256_mgf1_32_test: { valid: 63, invalid: 45 },
  rsa_pss_4096_sha256_mgf1_32_test: { valid: 63, invalid: 45 },
  rsa_pss_4096_sha384_mgf1_48_test: { valid: 95, invalid: 46 },
  rsa_pss_4096_sha512_mgf1_32_params_test: { valid: 132, invalid: 45 },
  rsa_pss_4096_sha512_mgf1_32_test: { valid: 132, invalid: 45 },
  rsa_pss_4096_sha512_mgf1_64_params_test: { valid: 132, invalid: 47 },
  rsa_pss_4096_sha512_mgf1_64_test: { valid: 132, invalid: 47 },
  rsa_signature_2048_sha256_test: { valid: 9, invalid: 249, acceptable: 1 },
  rsa_signature_2048_sha384_test: { valid: 7, invalid: 250, acceptable: 1 },
  rsa_signature_2048_sha512_test: { valid: 8, invalid: 250, acceptable: 1 },
  rsa_signature_3072_sha256_test: { valid: 8, invalid: 250, acceptable: 1 },
  rsa_signature_3072_sha384_test: { valid: 7, invalid: 251, acceptable: 1 },
  rsa_signature_3072_sha512_test: { valid: 8, invalid: 251, acceptable: 1 },
  rsa_signature_4096_sha256_test: { valid: 7, invalid: 250, acceptable: 1 },
  rsa_signature_4096_sha384_test: { valid: 7, invalid: 251, acceptable: 1 },
  rsa_signature_4096_sha512_test: { valid: 7, invalid: 251, acceptable: 1 },
}

/** The "acceptable" cases, each with our judgement: see docs/algorithms.md. */
const JUDGED = [
  // The hash's AlgorithmIdentifier inside the PKCS#1 v1.5 padding lacks its NULL (RFC 8017 9.2, note 1, lets a
  // verifier take it). Nobody signs so, and each form more is room for a forger: refused.
  'rsa_signature_2048_sha256_test 8 MissingNull: false',
  'rsa_signature_2048_sha384_test 8 MissingNull: false',
  'rsa_signature_2048_sha512_test 8 MissingNull: false',
  'rsa_signature_3072_sha256_test 8 MissingNull: false',
  'rsa_signature_3072_sha384_test 8 MissingNull: false',
  'rsa_signature_3072_sha512_test 8 MissingNull: false',
  'rsa_signature_4096_sha256_test 8 MissingNull: false',
  'rsa_signature_4096_sha384_test 8 MissingNull: false',
  'rsa_signature_4096_sha512_test 8 MissingNull: false',
]

/** Files whose algorithm the policy refuses: every case, until weak hashes are allowed. */
const WEAK = ['rsa_pss_2048_sha256_mgf1sha1_20_test']

interface Group {
  sha: string
  mgf?: string
  mgfSha: string
  sLen: number
  publicKeyDer: string
  tests: {
    tcId: number
    flags: string[]
    msg: string
    sig: string
    result: 'valid' | 'invalid' | 'acceptable'
  }[]
}

const HASHES: Record<string, string> = {
  'SHA-1': '1.3.14.3.2.26',
  'SHA-256': '2.16.840.1.101.3.4.2.1',
  'SHA-384': '2.16.840.1.101.3.4.2.2',
  'SHA-512': '2.16.840.1.101.3.4.2.3',
}
const ARC: Record<string, number> = { 'SHA-256': 11, 'SHA-384': 12, 'SHA-512': 13 }

/** AlgorithmIdentifier from the parameters of the file. */
function algorithmIdentifier(file: string, { sha, mgf, mgfSha, sLen }: Group): Uint8Array {
  const hash = (name: string): Uint8Array => der.sequence([der.oid(HASHES[name] as string), der.null()])
  if (file.startsWith('ecdsa')) return der.sequence([der.oid(`1.2.840.10045.4.3.${(ARC[sha] ?? 0) - 9}`)])
  if (file.startsWith('ed25519')) return der.sequence([der.oid('1.3.101.112')])
  if (mgf === undefined) return der.sequence([der.oid(`1.2.840.113549.1.1.${ARC[sha]}`), der.null()])
  expect(mgf).toBe('MGF1')
  const mask = der.sequence([der.oid('1.2.840.113549.1.1.8'), hash(mgfSha)])
  const fields = [der.explicit(0, hash(sha)), der.explicit(1, mask), der.explicit(2, der.integer(sLen))]
  return der.sequence([der.oid('1.2.840.113549.1.1.10'), der.sequence(fields)])
}

interface Outcome {
  file: string
  label: string
  result: 'valid' | 'invalid' | 'acceptable'
  /** `returned true`, `returned false`, or the code of the error. */
  outcome: string
}

function run(file: string, allowWeakHashes: boolean): Outcome[] {
  const text = readFileSync(shared('vectors', 'wycheproof', `${file}.json`), 'utf8')
  const { testGroups } = JSON.parse(text) as { testGroups: Group[] }
  return testGroups.flatMap((group) => {
    const algorithm = parseSignatureAlgorithm(algorithmIdentifier(file, group))
    return group.tests.map(({ tcId, flags, msg, sig, result }) => {
      const outcome = codeOf(() => {
        const key = importPublicKey(hex(group.publicKeyDer))
        return verifySignature(algorithm, key, hex(msg), hex(sig), { allowWeakHashes })
      })
      return { file, label: `${file} ${tcId} ${flags.join('+')}`, result, outcome }
    })
  })
}

function counts(outcomes: readonly Outcome[]): Record<string, number> {
  const found: Record<string, number> = {}
  for (const { result } of outcomes) found[result] = (found[result] ?? 0) + 1
  return found
}

describeShared('Wycheproof', () => {
  it('has the 28 files that are listed here', () => {
    const files = readdirSync(shared('vectors', 'wycheproof')).map((file) => file.replace(/\.json$/, ''))
    expect(files.sort()).toEqual(Object.keys(FILES).sort())
  })

  it.each(Object.keys(FILES))('%s', (file) => {
    const outcomes = run(file, WEAK.includes(file))
    expect(counts(outcomes)).toEqual(FILES[file])
    const wrong = outcomes.filter(
      ({ result, outcome }) =>
        result !== 'acceptable' && outcome !== (result === 'valid' ? 'returned true' : 'returned false'),
    )
    expect(wrong).toEqual([])
  })

  it('judges each acceptable case as documented', () => {
    const acceptable = Object.keys(FILES)
      .flatMap((file) => run(file, true))
      .filter(({ result }) => result === 'acceptable')
    expect(acceptable.map(({ label, outcome }) => `${label}: ${outcome.replace('returned ', '')}`)).toEqual(
      JUDGED,
    )
  })

  it.each(WEAK)('%s is refused by default, case by case', (file) => {
    const outcomes = run(file, false)
    expect(outcomes).toHaveLength(108)
    expect(new Set(outcomes.map(({ outcome }) => outcome))).toEqual(new Set(['ERR_ALGORITHM_WEAK']))
  })
})
