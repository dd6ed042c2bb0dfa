/** Timestamps and countersignatures that are wrong. */
import { der } from '../../../src/asn1/index.ts'
import { CmsOid, type ReasonCode } from '../../../src/cms/index.ts'
import type { Case } from './cases.ts'
import { attribute, attributeDer, type ForgedSigner, forge, forgeSignerInfo } from './forge.ts'
import { identity } from './identities.ts'
import { type ForgedToken, forgeToken, timestampAttribute, UNFIT_TSA_CERTIFICATES } from './tokens.ts'

/** A signer with one countersignature. */
export function countersigned(countersigner: ForgedSigner): Uint8Array {
  return forge(
    {
      unsigned: (signature) => [
        attributeDer(
          attribute(
            CmsOid.countersignature,
            forgeSignerInfo({
              ...identity('other'),
              content: signature,
              contentType: null,
              ...countersigner,
            }),
          ),
        ),
      ],
    },
    { certificates: [identity('rsa').certificate.der, identity('other').certificate.der] },
  )
}

export function stamped(token: ForgedToken = {}): Uint8Array {
  return forge({ unsigned: (signature) => [timestampAttribute(forgeToken(signature, token))] })
}

function badStamp(name: string, token: () => ForgedToken): Case {
  return { name, message: () => stamped(token()), failed: ['timestamp'] }
}

function noToken(name: string, value: () => Uint8Array): Case {
  const message = () => forge({ unsigned: () => [timestampAttribute(value())] })
  return { name, message, failed: ['timestamp'] }
}

function badCountersigner(name: string, countersigner: ForgedSigner): Case {
  return { name, message: () => countersigned(countersigner), failed: ['countersignature'] }
}

/** Countersignatures on countersignatures, `depth` deep. */
export function nested(depth: number): Uint8Array {
  const unsigned = (left: number) => (signature: Uint8Array) =>
    left === 0
      ? []
      : [
          attributeDer(
            attribute(
              CmsOid.countersignature,
              forgeSignerInfo({
                ...identity('p256'),
                content: signature,
                contentType: null,
                unsigned: unsigned(left - 1),
              }),
            ),
          ),
        ]
  return forge(
    { unsigned: unsigned(depth) },
    { certificates: [identity('rsa').certificate.der, identity('p256').certificate.der] },
  )
}

const critical = (oid: string): Uint8Array =>
  der.implicit(
    1,
    der.sequence([der.sequence([der.oid(oid), der.boolean(true), der.octetString(new Uint8Array())])]),
  )

export const UNSIGNED_CASES = {
  'content-type-unexpected': [
    {
      name: 'in a countersignature',
      message: () => countersigned({ contentType: CmsOid.data }),
      at: (result) => result.signers[0]?.countersignatures[0],
      over: 'countersignature-invalid',
      failed: ['content-type'],
    },
  ],
  'countersignature-invalid': [
    badCountersigner('over other bytes', { content: new Uint8Array(256) }),
    badCountersigner("signed by another's key", { privateKey: identity('rsa').privateKey }),
    badCountersigner('whose certificate is missing', identity('p384')),
    { name: 'nested five deep', message: () => nested(5), failed: ['countersignature'] },
    {
      name: 'of a certificate that is not trusted',
      message: () => countersigned({}),
      options: () => ({
        trust: (certificate) =>
          certificate.equals(identity('rsa').certificate)
            ? { trusted: true }
            : { trusted: false, detail: '' },
      }),
      failed: ['countersignature'],
    },
  ],
  'timestamp-malformed': [
    noToken('NULL', () => der.null()),
    noToken('no SignedData', () => der.sequence([der.oid(CmsOid.data)])),
    noToken('a signature over data', () => forge({}, { eContent: new Uint8Array(3) })),
    badStamp('without its TSTInfo', () => ({ message: { contentType: CmsOid.data } })),
    badStamp('without signers', () => ({ message: { signerInfos: [] } })),
    badStamp('detached', () => ({ message: { eContent: undefined } })),
    badStamp('with two signers', () => ({
      message: { signerInfos: [forgeSignerInfo(), forgeSignerInfo()] },
    })),
    badStamp('with a second nonce', () => ({ nonce: Uint8Array.of(1), tail: [der.integer(2)] })),
    badStamp('with a critical extension', () => ({ tail: [critical('1.2.3')] })),
    badStamp('with its accuracy behind the nonce', () => ({
      nonce: Uint8Array.of(1),
      tail: [der.sequence([])],
    })),
  ],
  'timestamp-mismatch': [
    badStamp('over other bytes', () => ({ imprint: new Uint8Array(32) })),
    badStamp('over an imprint of another length', () => ({ imprint: new Uint8Array(31) })),
    badStamp('with a SHA-1 imprint', () => ({ hash: 'SHA-1' })),
  ],
  'timestamp-certificate': Object.entries(UNFIT_TSA_CERTIFICATES).map(([name, certificate]) =>
    badStamp(name, () => ({ certificate: certificate() })),
  ),
  'timestamp-invalid': [
    badStamp('whose signature is broken', () => ({ signer: { signature: (good) => good.fill(0, 9, 10) } })),
    badStamp('unsigned: an empty signature', () => ({ signer: { signature: () => new Uint8Array() } })),
    badStamp('without its certificate', () => ({ message: { certificates: [] } })),
    badStamp('signed without attributes', () => ({ signer: { attributes: null } })),
    badStamp('that does not name its certificate', () => ({
      attributes: (good) => good.filter(({ oid }) => oid !== CmsOid.signingCertificateV2),
    })),
    badStamp('with the content-type of data', () => ({ signer: { contentType: CmsOid.data } })),
    badStamp("signed by another's key", () => ({ privateKey: identity('other').privateKey })),
    badStamp('whose TSTInfo was changed', () => ({ signer: { content: new Uint8Array(3) } })),
  ],
} satisfies Partial<Record<ReasonCode, Case[]>>
