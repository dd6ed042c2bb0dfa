/** sealkit itself, in the shape of the peers. */
import { openSoftwareKey, type SoftwareKey } from '../../../providers/software/index.ts'
import {
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

/** The key of an algorithm, opened from its file by the software provider. */
export function openKey(pki: Pki, { leaf, scheme, hash }: Algorithm): Promise<SoftwareKey> {
  const { keyFile, certificateFile } = pki.leaf(leaf)
  return openSoftwareKey({
    key: keyFile,
    certificate: certificateFile,
    chain: pki.caFile,
    pss: scheme === 'PSS',
    hash: scheme === 'EdDSA' || hash === 'SHAKE256' ? undefined : hash,
  })
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

const inclusions = {
  none: 'none',
  signer: 'signer',
  chain: 'chain',
  'chain with root': 'chain-with-root',
} as const

/** The options of the matrix in sealkit's words. */
function signOptions(options: Options): Omit<SignOptions, 'signers'> {
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
  /** Opened once: the key and certificate of an algorithm, by its name. */
  readonly #keys = new Map<string, Promise<SoftwareKey>>()
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
    const signers = await Promise.all(job.signers.map((algorithm) => this.#key(algorithm)))
    return (await sign(job.content, { ...signOptions(job), signers })).der
  }

  #key(algorithm: Algorithm): Promise<SoftwareKey> {
    const key = this.#keys.get(algorithm.name) ?? openKey(this.#pki, algorithm)
    this.#keys.set(algorithm.name, key)
    return key
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
