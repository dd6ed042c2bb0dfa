import type { Profile } from '../../../src/config/index.ts'
import { SecretReference } from '../../../src/config/index.ts'
import { keyName } from '../../../src/trust/key-name.ts'
import type { Certificate } from '../../../src/x509/index.ts'
import type { CertificateFacts, Values } from '../api.ts'

export function certificateFacts(certificate: Certificate): CertificateFacts {
  const { subject, issuer, serialNumber, notBefore, notAfter } = certificate
  return {
    subject: String(subject),
    ...(subject.commonName === undefined ? {} : { commonName: subject.commonName }),
    issuer: String(issuer),
    serialNumber,
    notBefore: notBefore.toISOString(),
    notAfter: notAfter.toISOString(),
    key: keyName(certificate),
  }
}

/** The settings that hold, without secrets. */
export function settingValues({ settings }: Profile): Values {
  const texts = settings.flatMap(({ name, value }) => {
    if (value instanceof SecretReference) return []
    return [[name, typeof value === 'object' ? value.join(', ') : String(value)] as const]
  })
  return Object.fromEntries(texts)
}

/** Secrets that can be read without the page's help. */
export function knownSecrets({ settings }: Profile): string[] {
  return settings.flatMap(({ name, value }) =>
    value instanceof SecretReference && value.kind !== 'prompt' ? [name] : [],
  )
}
