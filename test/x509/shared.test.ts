import { X509Certificate } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { verifySignature } from '../../src/algorithms/index.ts'
import { decodePem } from '../../src/asn1/index.ts'
import { SealkitError } from '../../src/errors.ts'
import { Certificate, CertificateRevocationList } from '../../src/x509/index.ts'
import { codeOf } from '../algorithms/helpers.ts'
import { describeShared, shared } from '../support/tools.ts'

/** Short names that node:crypto (OpenSSL) writes. */
const SHORT: Record<string, string> = {
  '2.5.4.3': 'CN',
  '2.5.4.4': 'SN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'street',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.15': 'businessCategory',
  '2.5.4.17': 'postalCode',
  '2.5.4.97': 'organizationIdentifier',
  '1.2.840.113549.1.9.1': 'emailAddress',
  '1.3.6.1.4.1.311.60.2.1.1': 'jurisdictionL',
  '1.3.6.1.4.1.311.60.2.1.2': 'jurisdictionST',
  '1.3.6.1.4.1.311.60.2.1.3': 'jurisdictionC',
}

/** A name as node:crypto shows it: one attribute a line, escaped as RFC 2253 has it. */
function nodeName({ rdns }: Certificate['subject']): string {
  const escaped = (text = ''): string => text.replace(/[\\",+;<>]/g, '\\$&')
  return rdns
    .flat()
    .map(({ type, text }) => `${SHORT[type] ?? type}=${escaped(text)}`)
    .join('\n')
}

function fields(one: Certificate): Record<string, unknown> {
  return {
    subject: nodeName(one.subject),
    issuer: nodeName(one.issuer),
    serialNumber: one.serialNumber.toUpperCase(),
    validFrom: one.notBefore.getTime(),
    validTo: one.notAfter.getTime(),
    fingerprint: one.fingerprint('sha1').toUpperCase(),
    fingerprint256: one.fingerprint().toUpperCase(),
    // node:crypto calls extendedKeyUsage so.
    keyUsage: one.extendedKeyUsage,
    ca: one.basicConstraints?.ca === true,
  }
}

function nodeFields(node: X509Certificate): Record<string, unknown> {
  return {
    subject: node.subject,
    issuer: node.issuer,
    serialNumber: node.serialNumber,
    validFrom: Date.parse(node.validFrom),
    validTo: Date.parse(node.validTo),
    fingerprint: node.fingerprint.replaceAll(':', ''),
    fingerprint256: node.fingerprint256.replaceAll(':', ''),
    keyUsage: node.keyUsage,
    ca: node.ca,
  }
}

function pemFiles(...folder: string[]): { file: string; blocks: Uint8Array[] }[] {
  const files = readdirSync(shared('vectors', ...folder)).filter((file) => file.endsWith('.pem'))
  return files.map((file) => {
    const blocks = decodePem(readFileSync(shared('vectors', ...folder, file)))
    return { file, blocks: blocks.filter(({ label }) => label === 'CERTIFICATE').map((block) => block.der) }
  })
}

describeShared('DigiCert', () => {
  const folders = ['roots', 'intermediates', 'leaves', 'bundles'].map((folder) =>
    pemFiles('digicert', folder),
  )
  const [roots, intermediates, leaves, bundles] = folders.map((files) =>
    files.flatMap(({ blocks }) => blocks),
  )
  const all = [...(roots ?? []), ...(intermediates ?? []), ...(leaves ?? []), ...(bundles ?? [])]

  it('has 131 files and 503 certificates', () => {
    expect(folders.slice(0, 3).map((files) => files.length)).toEqual([15, 92, 24])
    expect([roots, intermediates, leaves, bundles].map((list) => list?.length)).toEqual([15, 92, 48, 348])
  })

  it('all are read, with the fields that node:crypto sees', () => {
    for (const bytes of all) {
      const one = Certificate.parse(bytes)
      const node = new X509Certificate(bytes)
      expect(fields(one), one.toString()).toEqual(nodeFields(node))
      expect(one.publicKey.keyObject?.equals(node.publicKey)).toBe(true)
      expect(one.toPem()).toBe(node.toString())
      // What every CA of the web writes.
      expect(one.version).toBe(3)
      if (node.ca) expect(one.keyUsage?.has('keyCertSign')).toBe(true)
      else expect(one.keyUsage?.has('digitalSignature')).toBe(true)
      if (!one.selfIssued) expect(one.authorityKeyIdentifier).toBeInstanceOf(Uint8Array)
    }
  })

  it('signatures are right exactly where node:crypto says so', () => {
    const certificates = [
      ...new Map(all.map((bytes) => [Buffer.from(bytes).toString('hex'), bytes])).values(),
    ]
    const pairs = certificates.map((bytes) => ({
      one: Certificate.parse(bytes),
      node: new X509Certificate(bytes),
    }))
    const good = new Set<Certificate>()
    for (const { one, node } of pairs) {
      for (const issuer of pairs) {
        if (!one.issuer.equals(issuer.one.subject)) continue
        const { signatureAlgorithm: algorithm, signature } = one
        const verify = (tbs: Uint8Array): string =>
          codeOf(() =>
            verifySignature(algorithm, issuer.one.publicKey, tbs, signature, { allowWeakHashes: true }),
          )
        const expected = node.verify(issuer.node.publicKey)
        if (expected) good.add(one)
        // Another key of the same name may be of another kind.
        expect(verify(one.tbs)).toMatch(
          expected ? /^returned true$/ : /^(returned false|ERR_ALGORITHM_KEY_MISMATCH)$/,
        )
        if (expected) expect(verify(one.tbs.subarray(1))).toBe('returned false')
      }
    }
    // Their issuers are all here.
    expect(good.size).toBe(certificates.length)
  })
})

describeShared('GOST certificates', () => {
  const files = pemFiles('gost').filter(({ blocks }) => blocks.length > 0)

  it('are there', () => expect(files.length).toBeGreaterThan(25))

  it.each(files)('$file is read, with its key; it is named where it is of 1994', ({ file, blocks }) => {
    for (const bytes of blocks) {
      const one = Certificate.parse(bytes)
      const node = new X509Certificate(bytes)
      expect(one.serialNumber.toUpperCase().replace(/^0+(?=.)/, '')).toBe(
        node.serialNumber.replace(/^0+(?=.)/, ''),
      )
      expect(one.fingerprint()).toBe(node.fingerprint256.replaceAll(':', '').toLowerCase())
      expect(one.notAfter.getTime()).toBe(Date.parse(node.validTo))
      if (file === 'gnutls-gost94-cert.pem') {
        expect(codeOf(() => one.publicKey)).toBe('ERR_ALGORITHM_UNKNOWN')
        expect(codeOf(() => one.signatureAlgorithm)).toBe('ERR_ALGORITHM_UNKNOWN')
      } else {
        expect(one.publicKey.type).toMatch(/^GOST3410-20(01|12-256|12-512)$/)
        expect(one.signatureAlgorithm.family).toBe('GOST')
      }
      expect(String(one)).not.toMatch(/[\r\n]/)
    }
  })
})

describeShared('GOST signatures of certificates', () => {
  interface Entry {
    readonly file: string
    readonly kind: string
    readonly expectation: string
    readonly certificate?: string
  }
  const index = JSON.parse(readFileSync(shared('vectors', 'gost', 'INDEX.json'), 'utf8')) as Entry[]
  const read = (file: string): Certificate => Certificate.fromPem(readFileSync(shared('vectors', file)))
  const chains = index.filter(({ kind, expectation }) => kind === 'cert' && expectation === 'chain-ok')

  it('are there', () => expect(chains.length).toBeGreaterThan(20))

  it.each(chains)('$file: right, and wrong when a byte differs', ({ file, certificate: issuer = file }) => {
    const { signatureAlgorithm, tbs, signature } = read(file)
    const { publicKey } = read(issuer)
    expect(verifySignature(signatureAlgorithm, publicKey, tbs, signature)).toBe(true)
    const changed = Uint8Array.from(tbs, (octet, i) => (i === 100 ? octet ^ 1 : octet))
    expect(verifySignature(signatureAlgorithm, publicKey, changed, signature)).toBe(false)
  })

  it.each(['pygost-rfc9215-256-test', 'pygost-rfc9215-256a', 'pygost-rfc9215-512-test'])(
    '%s.crl.pem: a revocation list',
    (name) => {
      const list = CertificateRevocationList.fromPem(
        readFileSync(shared('vectors', 'gost', `${name}.crl.pem`)),
      )
      const { publicKey } = read(`gost/${name}.pem`)
      expect(verifySignature(list.signatureAlgorithm, publicKey, list.tbs, list.signature)).toBe(true)
      expect(verifySignature(list.signatureAlgorithm, publicKey, list.tbs.subarray(1), list.signature)).toBe(
        false,
      )
    },
  )

  it('of 2001: refused as weak, but for old signatures', () => {
    const { signatureAlgorithm, tbs, signature, publicKey } = read('gost/gnutls-gost-cert.pem')
    const verify = (allowWeakHashes: boolean) => (): boolean =>
      verifySignature(signatureAlgorithm, publicKey, tbs, signature, { allowWeakHashes })
    expect(codeOf(verify(false))).toBe('ERR_ALGORITHM_WEAK')
    // Its issuer, whose key made the signature, is nowhere to be had.
    expect(codeOf(verify(true))).toBe('returned false')
  })
})

/** What is refused, with its code; anything but a SealkitError fails. */
function refusals(certificates: Iterable<{ id: string; bytes: Uint8Array }>): {
  count: number
  refused: string[]
} {
  const getters = [
    'publicKey',
    'signatureAlgorithm',
    'keyUsage',
    'extendedKeyUsage',
    'basicConstraints',
  ] as const
  const more = ['subjectKeyIdentifier', 'authorityKeyIdentifier', 'selfIssued'] as const
  const refused: string[] = []
  let count = 0
  for (const { id, bytes } of certificates) {
    count++
    let field = 'parse'
    try {
      const one = Certificate.parse(bytes)
      for (field of [...getters, ...more]) void one[field as 'publicKey']
    } catch (error) {
      if (!(error instanceof SealkitError)) throw error
      refused.push(`${id} ${field} ${error.code}`)
    }
  }
  return { count, refused: [...new Set(refused)].sort() }
}

interface LimboCase {
  id: string
  trusted_certs: string[]
  untrusted_intermediates: string[]
  peer_certificate: string
}

function* limbo(file: string): Generator<{ id: string; bytes: Uint8Array }> {
  const text = readFileSync(shared('vectors', 'path-validation', file), 'utf8')
  for (const one of (JSON.parse(text) as { testcases: LimboCase[] }).testcases) {
    for (const pem of [...one.trusted_certs, ...one.untrusted_intermediates, one.peer_certificate]) {
      for (const block of decodePem(pem)) yield { id: one.id, bytes: block.der }
    }
  }
}

function* pkits(): Generator<{ id: string; bytes: Uint8Array }> {
  const text = readFileSync(shared('vectors', 'path-validation', 'pkits.json'), 'utf8')
  for (const { id, certDer } of JSON.parse(text) as { id: string; certDer: string[] }[]) {
    for (const base64 of certDer) yield { id, bytes: Uint8Array.from(Buffer.from(base64, 'base64')) }
  }
}

describeShared('certificates of path validation suites', () => {
  it('x509-limbo: all but what nobody can use are read', () => {
    expect(refusals(limbo('limbo-practice.json'))).toEqual({
      count: 280,
      refused: [
        'rfc5280::eku::ee-eku-empty extendedKeyUsage ERR_CERTIFICATE_EXTENSION',
        'rfc5280::mismatching-signature-algorithm parse ERR_CERTIFICATE_MALFORMED',
        'webpki::forbidden-dsa-root publicKey ERR_ALGORITHM_UNKNOWN',
        'webpki::forbidden-dsa-root signatureAlgorithm ERR_ALGORITHM_UNKNOWN',
      ],
    })
  })

  it('BetterTLS: all are read', () => {
    expect(refusals(limbo('bettertls-practice.json'))).toEqual({ count: 1041, refused: [] })
  })

  it('PKITS: DSA is unknown, and two damaged signatures are no whole bytes', () => {
    const { count, refused } = refusals(pkits())
    expect(count).toBe(893)
    expect(refused).toEqual([
      'Section1InvalidCASignatureTest2 parse ERR_ASN1_VALUE',
      'Section1InvalidDSASignatureTest6 parse ERR_ASN1_VALUE',
      'Section1InvalidDSASignatureTest6 publicKey ERR_ALGORITHM_UNKNOWN',
      'Section1ValidDSAParameterInheritanceTest5 publicKey ERR_ALGORITHM_UNKNOWN',
      'Section1ValidDSASignaturesTest4 publicKey ERR_ALGORITHM_UNKNOWN',
    ])
  })
})
