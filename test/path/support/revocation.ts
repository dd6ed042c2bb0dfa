/** Revocation lists made field by field, and answers of a real responder: `openssl ocsp`. */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { contextTag, der, encode, encodePem, Tag } from '../../../src/asn1/index.ts'
import { authorityKeyIdentifierExtension, encodeExtension } from '../../../src/x509/encode-extensions.ts'
import type { Extension } from '../../../src/x509/extensions.ts'
import { type Certificate, CertificateRevocationList } from '../../../src/x509/index.ts'
import { tempDir } from '../../support/tools.ts'
import { ECDSA, type Issued, keyId, signed, TIME } from './issue.ts'

const DAY = 86_400_000
export const days = (count: number): Date => new Date(+TIME + count * DAY)

export interface WantedList {
  readonly revoked?: readonly Certificate[]
  readonly date?: Date
  /** CRLReason. */
  readonly reason?: number
  readonly thisUpdate?: Date
  readonly nextUpdate?: Date | null
  readonly number?: number
  readonly extensions?: readonly Extension[]
  readonly entryExtensions?: readonly Extension[]
  /** Version 1: without extensions. */
  readonly v1?: boolean
}

/** A revocation list of a week around {@link TIME}. */
export function list(issuer: Issued, wanted: WantedList = {}): CertificateRevocationList {
  const { revoked = [], date = days(-10), number = 1, nextUpdate = days(4) } = wanted
  const reason: Extension[] =
    wanted.reason === undefined
      ? []
      : [{ oid: '2.5.29.21', critical: false, value: encode(Tag.ENUMERATED, [Uint8Array.of(wanted.reason)]) }]
  const own = [...reason, ...(wanted.entryExtensions ?? [])]
  const entries = revoked.map(({ serial }) =>
    der.sequence([
      encode(Tag.INTEGER, [serial]),
      der.time(date),
      ...(own.length === 0 ? [] : [der.sequence(own.map(encodeExtension))]),
    ]),
  )
  const extensions = [
    authorityKeyIdentifierExtension(keyId(issuer.key)),
    { oid: '2.5.29.20', critical: false, value: der.integer(number) },
    ...(wanted.extensions ?? []),
  ]
  const tbs = der.sequence([
    ...(wanted.v1 ? [] : [der.integer(1)]),
    ECDSA,
    issuer.certificate.subject.der,
    der.time(wanted.thisUpdate ?? days(-3)),
    ...(nextUpdate === null ? [] : [der.time(nextUpdate)]),
    ...(entries.length === 0 ? [] : [der.sequence(entries)]),
    ...(wanted.v1 ? [] : [der.explicit(0, der.sequence(extensions.map(encodeExtension)))]),
  ])
  return CertificateRevocationList.parse(signed(tbs, issuer.key))
}

/** issuingDistributionPoint from its fields: `[1]` only users, `[2]` only CAs, `[4]` indirect, `[5]` only attributes. */
export function scope(...flags: readonly number[]): Extension {
  const fields = flags.map((flag) => encode(contextTag(flag, false), [Uint8Array.of(0xff)]))
  return { oid: '2.5.29.28', critical: true, value: der.sequence(fields) }
}

/** issuingDistributionPoint with reasons, as the octets of the BIT STRING. */
export function onlyReasons(...octets: readonly number[]): Extension {
  const value = der.sequence([encode(contextTag(3, false), [Uint8Array.from(octets)])])
  return { oid: '2.5.29.28', critical: true, value }
}

/** deltaCRLIndicator. */
export const delta = (base: number): Extension => ({
  oid: '2.5.29.27',
  critical: true,
  value: der.integer(base),
})

export interface Asked {
  readonly request: Uint8Array
  readonly issuer: Issued
  readonly signer: Issued
  /** What the responder's index says: V or R; nothing is unknown. */
  readonly index: readonly (readonly [Certificate, 'V' | 'R'])[]
  /** For how many days the answer holds. */
  readonly days?: number
  /** No certificates in the answer. */
  readonly bare?: boolean
}

/** Answers by `openssl ocsp`, which knows no clock but the real one. */
export function respond({
  request,
  issuer,
  signer,
  index,
  days: until = 7,
  bare = false,
}: Asked): Uint8Array {
  const folder = tempDir()
  const put = (name: string, content: string | Uint8Array): string => {
    writeFileSync(join(folder, name), content, { mode: 0o600 })
    return join(folder, name)
  }
  const pem = ({ certificate }: Issued) => encodePem('CERTIFICATE', certificate.der)
  const rows = index.map(([certificate, status]) => {
    const revoked = status === 'R' ? '260101000000Z,keyCompromise' : ''
    const serial = certificate.serialNumber.toUpperCase()
    return [status, '340101000000Z', revoked, serial, 'unknown', '/CN=x'].join('\t')
  })
  const answer = join(folder, 'answer.der')
  const args = ['ocsp', '-index', put('index.txt', rows.map((row) => `${row}\n`).join(''))]
  args.push('-CA', put('ca.pem', pem(issuer)), '-rsigner', put('signer.pem', pem(signer)))
  const key = signer.key.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string
  args.push('-rkey', put('signer.key', key), '-reqin', put('request.der', request), '-respout', answer)
  args.push('-ndays', String(until), ...(bare ? ['-resp_no_certs'] : []))
  execFileSync('openssl', args, { stdio: 'pipe' })
  return new Uint8Array(readFileSync(answer))
}
