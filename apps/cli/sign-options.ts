import type { HashName } from '../../src/algorithms/index.ts'
import type { OptionGroup } from './options.ts'
import { PASSWORD_OPTIONS } from './secrets.ts'
import { TOKEN_OPTIONS } from './token-options.ts'

export const FORMATS = ['base64', 'der', 'pem'] as const
export const DIGESTS = { sha256: 'SHA-256', sha384: 'SHA-384', sha512: 'SHA-512' } as const satisfies Record<
  string,
  HashName
>
export const INCLUSIONS = ['none', 'signer', 'chain', 'chain-with-root'] as const
export const SIDS = { issuer: 'issuerAndSerialNumber', ski: 'subjectKeyIdentifier' } as const

/** The options of `sign`. */
export const SIGN_OPTIONS: readonly OptionGroup[] = [
  {
    title: 'Content and key',
    options: [
      { name: 'in', value: 'FILE', summary: 'the content; default, or -: standard input' },
      {
        name: 'key',
        value: 'KEY',
        required: true,
        summary: 'the private key: a PEM, DER or PKCS#12 file, or a pkcs11: URI',
      },
      { name: 'cert', value: 'FILE', summary: 'its certificate, where the key file does not hold it' },
      { name: 'chain', value: 'FILE', summary: 'certificates of its issuers, in any order' },
    ],
  },
  PASSWORD_OPTIONS,
  ...TOKEN_OPTIONS,
  {
    title: 'Output',
    options: [
      { name: 'out', value: 'FILE', summary: 'write the signature there (base64: without a line end)' },
      { name: 'force', summary: 'replace FILE where it exists' },
      { name: 'format', value: FORMATS, summary: 'default: base64, in one line' },
      { name: 'json', summary: 'print a JSON object: the signature in base64, and what is in it' },
    ],
  },
  {
    title: 'The signature',
    options: [
      { name: 'attached', summary: 'put the content into the message' },
      {
        name: 'cades',
        summary: 'name the certificate by its hash too (signing-certificate-v2, CAdES-BES)',
      },
      { name: 'algorithm-protection', summary: 'sign the names of the algorithms too (RFC 6211)' },
      {
        name: 'timestamp',
        value: 'URL',
        summary: 'get a timestamp of the authority at URL (RFC 3161, CAdES-T)',
      },
      { name: 'digest', value: Object.keys(DIGESTS), summary: 'default: as fits the key, sha256 for RSA' },
      { name: 'pss', summary: 'RSASSA-PSS in place of PKCS#1 v1.5, for an RSA key' },
      { name: 'certificates', value: INCLUSIONS, summary: 'those to put into the message; default: chain' },
      {
        name: 'sid',
        value: Object.keys(SIDS),
        summary: 'name the certificate by issuer and serial number (default), or by subject key identifier',
      },
      { name: 'no-signing-time', summary: 'leave out when it was signed' },
    ],
  },
]
