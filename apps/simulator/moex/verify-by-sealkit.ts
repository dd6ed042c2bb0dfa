import { verify } from '../../../src/cms/index.ts'
import type { Certificate } from '../../../src/x509/index.ts'
import type { VerifySignature } from './verify-signature.ts'

/** Verifies with sealkit itself: for machines without OpenSSL, and for GOST where it has no engine. */
export const verifyBySealkit: VerifySignature = async (signature, content, registered) => {
  const { verdict, signers } = await verify(signature, {
    content,
    certificates: registered,
    trust: (certificate) =>
      registered.some((each) => isSame(each, certificate)) && isCurrent(certificate)
        ? { trusted: true }
        : { trusted: false, detail: 'the certificate is not registered to the user' },
  })
  if (verdict !== 'valid') return undefined
  const signer = signers[0]?.certificate
  return registered.find((each) => signer !== undefined && isSame(each, signer))
}

function isSame(one: Certificate, other: Certificate): boolean {
  return Buffer.compare(one.der, other.der) === 0
}

function isCurrent({ notBefore, notAfter }: Certificate): boolean {
  const now = Date.now()
  return notBefore.getTime() <= now && now <= notAfter.getTime()
}
