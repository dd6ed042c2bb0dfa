import { KEY_USAGES } from '../../../src/x509/extensions.ts'
import { KeyPurpose, type KeyUsage } from '../../../src/x509/index.ts'
import { usageError } from '../errors.ts'
import type { OptionGroup } from '../options.ts'
import { didYouMean } from '../suggest.ts'
import { TOKEN_OPTIONS } from '../token-options.ts'
import { IN_PASSWORD, KDFS, KEY_TYPES, OUT_PASSWORD, READING } from './options.ts'

const PURPOSES = Object.keys(KeyPurpose)

/** The options of `cred csr`. */
export const CSR_OPTIONS: readonly OptionGroup[] = [
  {
    title: 'The key',
    options: [
      { name: 'key', value: 'KEY', summary: 'the private key: PEM, DER or PKCS#12, or a pkcs11: URI' },
      { name: 'new-key', value: KEY_TYPES, summary: 'make one' },
      { name: 'key-out', value: 'FILE', summary: 'where the new key goes' },
      { name: 'no-encrypt', summary: 'leave the new key open' },
      { name: 'kdf', value: Object.keys(KDFS), summary: 'for the new key; default: pbkdf2' },
    ],
  },
  {
    title: 'The request',
    options: [
      { name: 'subject', value: 'NAME', summary: 'CN=api,O=Bank,C=LU or /C=LU/O=Bank/CN=api' },
      {
        name: 'san',
        value: 'NAME',
        multiple: true,
        summary: 'alternative name: DNS:api.example, IP:192.0.2.1, email:a@b.example, URI:https://b.example',
      },
      { name: 'key-usage', value: 'USAGE', multiple: true, summary: `asked for: ${KEY_USAGES.join(', ')}` },
      {
        name: 'extended-key-usage',
        value: 'PURPOSE',
        multiple: true,
        summary: `asked for: ${PURPOSES.join(', ')}, or an OID`,
      },
      { name: 'out', value: 'FILE', summary: 'write the request there' },
      { name: 'force', summary: 'replace files that exist' },
    ],
  },
  IN_PASSWORD,
  ...TOKEN_OPTIONS,
  OUT_PASSWORD,
  { title: READING.title, options: READING.options },
]

/** A value of `--key-usage`. */
export function keyUsage(given: string): KeyUsage {
  const found = KEY_USAGES.find((usage) => usage === given)
  if (found !== undefined) return found
  throw usageError(`--key-usage must be one of ${KEY_USAGES.join(', ')}${didYouMean(given, KEY_USAGES)}`)
}

/** A value of `--extended-key-usage`. */
export function purpose(given: string): string {
  if (PURPOSES.includes(given) || /^[0-2](\.\d{1,10}){2,20}$/.test(given)) return given
  const known = PURPOSES.join(', ')
  throw usageError(`--extended-key-usage must be an OID or one of ${known}${didYouMean(given, PURPOSES)}`)
}
