/** sealkit itself, in the shape of the peers. */
import { constants, createPrivateKey, sign as nodeSign } from 'node:crypto'
import { signatureAlgorithmFor } from '../../../src/algorithms/index.ts'
import {
  type CmsKey,
  type SignOptions,
  sign,
  type TrustFunction,
  type VerifyOptions,
  type VerifyResult,
  verify,
} from '../../../src/cms/index.ts'
import { SealkitError } from '../../../src/errors.ts'
import { Certificate } from '../../../src/x509/index.ts'
import type { Algorithm, Can, Options, Peer, SignJob, Verdict, VerifyJob } from './peer.ts'
import type { Identity, Pki } from './pki.ts'

/** A key as `sign` takes it, straight from node:crypto. */
export function cmsKey(pki: Pki, { leaf, scheme, hash }: Algorithm): CmsKey {
  const identity = pki.leaf(leaf)
  const certificate = Certificate.parse(identity.certificate)
  const algorithm = signatureAlgorithmFor(certificate.publicKey, {
    pss: scheme === 'PSS',
    hash: scheme === 'EdDSA' || hash === 'SHAKE256' ? undefined : hash,
  })
  const key = createPrivateKey(identity.keyPem)
  const saltLength = algorithm.pss?.saltLength
  const options =
    saltLength === undefined ? key : { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength }
  return {
    certificate,
    chain: [pki.intermediate, pki.root].map((ca) => Certificate.parse(ca.certificate)),
    algorithm,
    sign: async (data) => nodeSign(algorithm.hash?.node, data, options),
  }
}

/** Trusts exactly these, whatever the time. */
function trustIn(names: readonly Identity[]): TrustFunction {
  const known = new Set(names.map((one) => Certificate.parse(one.certificate).fingerprint()))
  return (certificate) => {
    return known.has(certificate.fingerprint())
      ? { trusted: true }
      : { trusted: false, detail: 'not of this PKI' }
  }
}

export const inclusions = {
  none: 'none',
  signer: 'signer',
  chain: 'chain',
  'chain with root': 'chain-with-root',
} as const

/** The options of the matrix in sealkit's words. */
export function signOptions(options: Options): Omit<SignOptions, 'signers'> {
  return {
    detached: options.attached !== true,
    certificates: inclusions[options.certificates ?? 'signer'],
    sid: options.sid,
    signingCertificate: options.signingCertificate,
    algorithmProtection: options.algorithmProtection,
  }
}

export class Sealkit implements Peer {
  readonly name = 'sealkit'
  readonly #pki: Pki
  readonly trust: TrustFunction

  /** Trusts these leaves, and the TSA unless told otherwise. */
  constructor(pki: Pki, leaves: readonly Identity[], { tsa = true } = {}) {
    this.#pki = pki
    this.trust = trustIn(tsa ? [...leaves, pki.tsa] : leaves)
  }

  canSign(_: Algorithm, options: Options): Can {
    if (options.signedAttrs === false) return 'sealkit always writes signed attributes'
    if (options.ber) return 'sealkit writes DER only'
    return true
  }

  canVerify(): Can {
    return true
  }

  async sign(job: SignJob): Promise<Uint8Array> {
    const signers = job.signers.map((algorithm) => cmsKey(this.#pki, algorithm))
    return (await sign(job.content, { ...signOptions(job), signers })).der
  }

  /** The whole result. */
  result(job: VerifyJob, options: VerifyOptions = {}): Promise<VerifyResult> {
    const certificates = job.certificates?.map((one) => Certificate.parse(one.certificate))
    return verify(job.message, { content: job.content, certificates, trust: this.trust, ...options })
  }

  async verify(job: VerifyJob, options: VerifyOptions = {}): Promise<Verdict> {
    try {
      const { verdict, reason, content, signers } = await this.result(job, options)
      const detail =
        reason === undefined ? verdict : `${reason} ${signers.map((one) => one.detail ?? '').join('; ')}`
      return { ok: verdict === 'valid', detail, ...(content === undefined ? {} : { content }) }
    } catch (error) {
      if (error instanceof SealkitError) return { ok: false, detail: `${error.code} ${error.message}` }
      throw error
    }
  }
}
