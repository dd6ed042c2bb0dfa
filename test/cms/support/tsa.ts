/** A real authority: `openssl ts -reply` with the TSA of vectors/cms. */
import { readFileSync } from 'node:fs'
import type { Pki } from '../../interop/support/pki.ts'
import { openTsa, type Tsa, type TsaOptions } from '../../interop/support/tsa.ts'
import { type IdentityName, identity, vectorPath } from './identities.ts'

export function opensslAuthority(options: TsaOptions = {}): Tsa {
  const file = (name: IdentityName) => {
    const [keyFile, certificateFile] = [vectorPath(`pki/${name}.key`), vectorPath(`pki/${name}.crt`)]
    return {
      name,
      keyFile,
      certificateFile,
      keyPem: readFileSync(keyFile, 'utf8'),
      certificatePem: readFileSync(certificateFile, 'utf8'),
      key: new Uint8Array(identity(name).privateKey.export({ format: 'der', type: 'pkcs8' })),
      certificate: identity(name).certificate.der,
    }
  }
  // All of a PKI that it looks at.
  const pki: Pick<Pki, 'tsa' | 'intermediate'> = { tsa: file('tsa'), intermediate: file('intermediate') }
  return openTsa(pki as Pki, options)
}
