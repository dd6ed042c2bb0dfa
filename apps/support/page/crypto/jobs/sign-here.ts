import { decodeBase64, encodeBase64, equalBytes } from '../../../../../src/asn1/index.ts'
import { externalKeyOf } from '../../../../../src/credentials/request/sign-with-key.ts'
import { type Gathered, type GivenFile, gather } from './gather.ts'
import { JobError, problemOf } from './problem.ts'

/** Who signs: public things only. */
export interface Identity {
  /** DER in base64. */
  readonly certificate: string
  readonly chain: readonly string[]
  readonly subject: string
  readonly notAfter: string
}

/** What the loopback server asks to have signed. */
export interface ToSign {
  readonly toBeSigned: string
  /** AlgorithmIdentifier in DER. */
  readonly algorithm: string
}

/** The certificate of the key that the files hold. @throws JobError */
export async function identityOf(files: readonly GivenFile[]): Promise<Identity> {
  using gathered = await gather(files)
  const { certificate, chain } = theKey(gathered)
  return {
    certificate: encodeBase64(certificate.der),
    chain: chain.map(({ der }) => encodeBase64(der)),
    subject: certificate.subject.toString(),
    notAfter: certificate.notAfter.toISOString(),
  }
}

/** Signs bytes with the key that the files hold. @returns the signature in base64 @throws JobError */
export async function signHere(files: readonly GivenFile[], ask: ToSign): Promise<string> {
  using gathered = await gather(files)
  const { key } = theKey(gathered)
  try {
    const external = await externalKeyOf(key, {})
    const wanted = decodeBase64(ask.algorithm) ?? new Uint8Array()
    if (!equalBytes(external.algorithm.der, wanted)) {
      const hint = 'sign with the key from a file on this machine, by sealkit support'
      const message = 'the certificate wants another signature algorithm than this page makes with its key'
      throw new JobError({ code: 'ERR_ALGORITHM_UNAVAILABLE', message, hint })
    }
    return encodeBase64(await external.sign(decodeBase64(ask.toBeSigned) ?? new Uint8Array()))
  } catch (error) {
    throw new JobError(problemOf(error))
  }
}

function theKey({ keys, certificates }: Gathered) {
  const [first, ...more] = keys
  if (first === undefined) {
    const hint = 'add the file with the private key'
    throw new JobError({
      code: 'ERR_CREDENTIAL_NO_KEY',
      message: 'there is no private key in the files',
      hint,
    })
  }
  if (more.length > 0) {
    const hint = 'take a file with one key'
    const message = `there are ${keys.length} private keys in the files`
    throw new JobError({ code: 'ERR_CREDENTIAL_AMBIGUOUS', message, hint })
  }
  const { key, certificate, chain } = first
  if (certificate !== undefined) return { key, certificate, chain }
  const hint = 'add the file with the certificate that was issued for this key'
  const message =
    certificates.length === 0
      ? 'the certificate of the private key is missing'
      : 'none of the certificates is that of the private key'
  throw new JobError({ code: 'ERR_CREDENTIAL_KEY_MISMATCH', message, hint })
}
