import { readCertificates } from '../credentials/certificates.ts'
import type { Credentials } from '../credentials/contents.ts'
import { takeApart } from '../credentials/input.ts'
import { PrivateKey } from '../credentials/key/private-key.ts'
import { withDefaults } from '../credentials/limits.ts'
import { pairKeys } from '../credentials/pair.ts'
import { type ReadPkcs12Options, readPkcs12 } from '../credentials/pkcs12/read-pkcs12.ts'
import { readPrivateKey } from '../credentials/read-private-key.ts'

/** INTERIM: until src/credentials exports readCredentials. */
export async function readCredentials(
  input: Uint8Array | string,
  options: ReadPkcs12Options = {},
): Promise<Credentials> {
  const parts = takeApart(input, 'the file', withDefaults(options.limits))
  if (parts[0]?.kind === 'pkcs12') return await readPkcs12(parts[0].bytes, options)
  const certificates = readCertificates(input, { mayBeEmpty: true }).map((certificate) => ({
    certificate,
    friendlyName: undefined,
    localKeyId: undefined,
    trusted: false,
  }))
  const own = parts.filter(({ label, kind }) => /KEY/.test(label) || kind === 'pkcs8' || kind === 'jks')
  const locked = own.some(({ label, headers }) => /ENCRYPTED/.test(label) || headers.has('DEK-Info'))
  const { password, limits } = options
  const key = own.length === 0 ? [] : [await readPrivateKey(input, { password, limits })]
  const keys = await Promise.all(
    key.map(async (each) => ({
      key: await PrivateKey.fromKeyObject(each),
      friendlyName: undefined,
      localKeyId: undefined,
    })),
  )
  const layer = { algorithm: 'interim', keyDerivation: 'interim', iterations: 1, weak: false }
  return {
    form: 'PEM',
    keys: pairKeys(keys, certificates, []),
    certificates,
    crls: [],
    skipped: [],
    notes: [],
    protection: {
      mac: undefined,
      encryption: locked ? [layer] : [],
      plainKeys: keys.length > 0 && !locked,
    },
  }
}
