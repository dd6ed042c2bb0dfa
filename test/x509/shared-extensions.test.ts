import { X509Certificate } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { verifySignature } from '../../src/algorithms/index.ts'
import { decodePem } from '../../src/asn1/index.ts'
import { SealkitError } from '../../src/errors.ts'
import {
  Certificate,
  CertificateRevocationList,
  type GeneralName,
  generalNameToString,
} from '../../src/x509/index.ts'
import { describeShared, shared } from '../support/tools.ts'

describeShared('extensions and revocation lists of the field and of test suites', () => {
  const certificates = new Map<string, Certificate>()
  const lists = new Map<string, Uint8Array>()
  /** What cannot be read at all is judged in shared.test.ts. */
  const addCertificate = (der: Uint8Array): void => {
    try {
      certificates.set(Buffer.from(der).toString('base64'), Certificate.parse(der))
    } catch (error) {
      if (!(error instanceof SealkitError)) throw error
    }
  }
  const addText = (text: string): void => {
    for (const { label, der } of decodePem(text)) {
      if (label === 'X509 CRL') lists.set(Buffer.from(der).toString('base64'), der)
      if (label === 'CERTIFICATE') addCertificate(der)
    }
  }
  const pkits = JSON.parse(readFileSync(shared('vectors', 'path-validation', 'pkits.json'), 'utf8')) as {
    certDer: string[]
    crlDer: string[]
  }[]
  for (const { certDer, crlDer } of pkits) {
    for (const each of certDer) addCertificate(Buffer.from(each, 'base64'))
    for (const each of crlDer) lists.set(each, Buffer.from(each, 'base64'))
  }
  for (const file of ['limbo-practice.json', 'bettertls-practice.json']) {
    const text = readFileSync(shared('vectors', 'path-validation', file), 'utf8')
    addText(text.replaceAll('\\n', '\n').replaceAll('"', '\n'))
  }
  for (const file of readdirSync(shared('vectors', 'digicert'), { recursive: true, encoding: 'utf8' })) {
    if (file.endsWith('.pem')) addText(readFileSync(shared('vectors', 'digicert', file), 'utf8'))
  }
  const all = [...certificates.values()]

  it('subjectAltName is what node:crypto reads', () => {
    let compared = 0
    const refused: string[] = []
    for (const one of all) {
      const shown = attempt(() => one.subjectAltName?.map(asNode))
      if (shown instanceof SealkitError)
        refused.push(`${one.subject.toString().slice(0, 16)} ${shown.message}`)
      // Other types have no agreed form.
      else if (shown?.every((name) => name !== undefined)) {
        expect(shown.join(', ')).toBe(new X509Certificate(one.der).subjectAltName)
        compared++
      }
    }
    expect(compared).toBeGreaterThan(400)
    // Names that those suites have made wrong on purpose: types that there are not, addresses of odd lengths, a mailbox
    // with two @.
    expect(refused.filter((text) => !/^(CN=example.com|serialNumber=...) /.test(text))).toEqual([])
    expect(refused.length).toBe(14)
  })

  it('distribution points, access and policies can be read', () => {
    const counts = { crlDistributionPoints: 0, authorityInfoAccess: 0, certificatePolicies: 0 }
    for (const one of all) {
      for (const name of Object.keys(counts) as (keyof typeof counts)[]) {
        if (one[name] !== undefined) counts[name]++
      }
    }
    expect(counts).toEqual({ crlDistributionPoints: 283, authorityInfoAccess: 247, certificatePolicies: 640 })
  })

  it('revocation lists verify by their issuers, and find each of their entries', () => {
    let verified = 0
    let found = 0
    const damaged: string[] = []
    for (const bytes of lists.values()) {
      const crl = attempt(() => CertificateRevocationList.parse(bytes))
      if (crl instanceof SealkitError) {
        damaged.push(crl.message)
        continue
      }
      void [crl.crlNumber, crl.deltaCRLIndicator, crl.issuingDistributionPoint, crl.authorityKeyIdentifier]
      const issuers = all.filter(({ subject }) => subject.equals(crl.issuer))
      if (issuers.some((issuer) => attempt(() => verifies(crl, issuer)) === true)) verified++
      for (const entry of crl.entries()) {
        expect(crl.find({ serial: entry.serial, issuer: entry.certificateIssuer })).toEqual(entry)
        found++
      }
      expect(crl.find({ serial: Uint8Array.of(0x7f, 0, 0, 0), issuer: crl.issuer })).toBeUndefined()
    }
    // Lists of PKITS that are signed wrongly on purpose, or with DSA.
    expect(lists.size - verified - damaged.length).toBe(5)
    expect(found).toBe(47)
    expect(damaged).toEqual(['CertificateList.signatureValue: BIT STRING is not whole bytes (at byte 198)'])
  })
})

function attempt<T>(run: () => T): T | SealkitError {
  try {
    return run()
  } catch (error) {
    if (error instanceof SealkitError) return error
    throw error
  }
}

function verifies(crl: CertificateRevocationList, { publicKey }: Certificate): boolean {
  return verifySignature(crl.signatureAlgorithm, publicKey, crl.tbs, crl.signature)
}

/** As node:crypto shows a name; undefined for types that it shows in a way of its own. */
function asNode(name: GeneralName): string | undefined {
  if (name.type !== 'iPAddress') {
    return /^(DNS|email|URI):/.test(generalNameToString(name)) ? generalNameToString(name) : undefined
  }
  if (name.value.length === 4) return `IP Address:${name.value.join('.')}`
  const groups = Array.from({ length: 8 }, (_, i) =>
    Buffer.from(name.value)
      .readUInt16BE(i * 2)
      .toString(16),
  )
  return `IP Address:${groups.join(':').toUpperCase()}`
}
