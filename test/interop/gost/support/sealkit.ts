/** sealkit itself with GOST keys: it trusts the root of vectors/gost, and validates paths. */
import { openSoftwareKey, type SoftwareKey } from '../../../../providers/software/index.ts'
import {
  sign,
  type TrustFunction,
  type VerifyOptions,
  type VerifyResult,
  verify,
} from '../../../../src/cms/index.ts'
import { SealkitError } from '../../../../src/errors.ts'
import { TrustStore, validatePath } from '../../../../src/path/index.ts'
import { Certificate } from '../../../../src/x509/index.ts'
import type { Options, Verdict, VerifyJob } from '../../support/peer.ts'
import type { Identity } from '../../support/pki.ts'
import type { GostSignJob } from './job.ts'
import { gostIdentity } from './pki.ts'

const inclusions = {
  none: 'none',
  signer: 'signer',
  chain: 'chain',
  'chain with root': 'chain-with-root',
} as const

export function gostCertificate(name: string): Certificate {
  return Certificate.parse(gostIdentity(name).certificate)
}

/** Trusts what has a path to these certificates, with the intermediate of vectors/gost at hand. */
function trustBy(...roots: readonly Certificate[]): TrustFunction {
  const trust = new TrustStore(roots)
  const intermediate = gostCertificate('intermediate')
  return async (certificate, { certificates, time }) => {
    const untrusted = [intermediate, ...certificates]
    const result = await validatePath(certificate, { trust, untrusted, purpose: 'any', time })
    if (result.verdict === 'valid') return { trusted: true }
    return { trusted: false, detail: result.problem?.detail ?? 'no path' }
  }
}

export class GostSealkit {
  readonly #keys = new Map<string, Promise<SoftwareKey>>()
  readonly #trust: TrustFunction = trustBy(gostCertificate('root'))

  /** Why it does not write a message so; `true` where it does. */
  canSign(options: Options): true | string {
    if (options.signedAttrs === false) return 'sealkit always writes signed attributes'
    return options.ber ? 'sealkit writes DER only' : true
  }

  /** Opened once: the key of a leaf from its file. */
  key({ name, keyFile, certificateFile }: Identity): Promise<SoftwareKey> {
    const key =
      this.#keys.get(name) ??
      openSoftwareKey({
        key: keyFile,
        certificate: certificateFile,
        chain: [gostCertificate('intermediate'), gostCertificate('root')],
      })
    this.#keys.set(name, key)
    return key
  }

  async sign(job: GostSignJob): Promise<Uint8Array> {
    const signers = await this.key(job.identity ?? gostIdentity(job.set.name))
    const { der } = await sign(job.content, {
      signers,
      detached: job.attached !== true,
      certificates: inclusions[job.certificates ?? 'signer'],
      sid: job.sid,
      signingCertificate: job.signingCertificate,
      algorithmProtection: job.algorithmProtection,
    })
    return der
  }

  result(job: VerifyJob, options: VerifyOptions = {}): Promise<VerifyResult> {
    const certificates = job.certificates?.map(({ certificate }) => Certificate.parse(certificate))
    return verify(job.message, { content: job.content, certificates, trust: this.#trust, ...options })
  }

  /** The detail begins with the reason, or with the code of the error. */
  async verify(job: VerifyJob, options: VerifyOptions = {}): Promise<Verdict> {
    try {
      const { verdict, reason, content, signers } = await this.result(job, options)
      const detail = [reason ?? verdict, ...signers.map((one) => one.detail ?? '')].join(' ').trim()
      return { ok: verdict === 'valid', detail, ...(content === undefined ? {} : { content }) }
    } catch (error) {
      if (error instanceof SealkitError) return { ok: false, detail: `${error.code} ${error.message}` }
      throw error
    }
  }
}
