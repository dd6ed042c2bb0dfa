import {
  createCertificateRequest,
  type GeneratedKeyType,
  generateKey,
  type WantedExtensions,
  writePem,
} from '../../../../../src/credentials/index.ts'
import type { MadeFile } from './convert.ts'
import { type Naming, outputName, safeName } from './names.ts'
import { JobError, problemOf } from './problem.ts'

/** Parts of a subject, as a form asks for them. */
export interface SubjectFields {
  readonly commonName: string
  readonly organisation: string
  readonly unit: string
  readonly locality: string
  readonly state: string
  readonly country: string
}

/** What a key and its request are to be. */
export interface MakeKeyOptions {
  readonly type: GeneratedKeyType
  readonly subject: SubjectFields
  /** One a line: `DNS:api.example`, or a bare name, address or e-mail address. */
  readonly alternativeNames: string
  readonly use: 'client' | 'server' | 'signing' | 'any'
  /** Empty: the key is not encrypted. */
  readonly password: string
  /** Names the files by the convention; empty: after the common name. */
  readonly userId: string
}

/** A key with its request, to be saved. */
export interface MadeKey {
  readonly key: MadeFile
  readonly request: MadeFile
  /** `EC P-256`. */
  readonly keyName: string
  /** SHA-256 of the public key: what to compare the certificate with. */
  readonly fingerprint: string
  readonly subject: string
  readonly requestText: string
}

/** @throws JobError, about one of the fields where that can be said */
export async function makeKey(options: MakeKeyOptions): Promise<MadeKey> {
  try {
    const subject = subjectText(options.subject)
    const subjectAltNames = alternativeNames(options.alternativeNames)
    // What is wrong with a name shows before a large key is made.
    using key = await generateKey(options.type)
    const extensions = extensionsFor(options.use, options.type)
    const request = await createCertificateRequest({ subject, key, subjectAltNames, ...extensions })
    const encoder = new TextEncoder()
    const { password } = options
    const pem = await writePem({ keys: [{ key }] }, password === '' ? {} : { password })
    const requestText = request.toPem()
    const names = fileNames(options)
    return {
      key: {
        name: names.key,
        bytes: encoder.encode(pem),
        type: 'application/x-pem-file',
        isOpen: password === '',
      },
      request: {
        name: names.request,
        bytes: encoder.encode(requestText),
        type: 'application/pkcs10',
        isOpen: false,
      },
      keyName: key.name,
      fingerprint: key.fingerprint ?? '',
      subject: request.subject.toString(),
      requestText,
    }
  } catch (error) {
    throw new JobError(problemOf(error))
  }
}

/** RFC 4514, with what has a meaning there escaped. */
export function subjectText(fields: SubjectFields): string {
  const attributes = [
    ['CN', fields.commonName],
    ['OU', fields.unit],
    ['O', fields.organisation],
    ['L', fields.locality],
    ['ST', fields.state],
    ['C', fields.country.toUpperCase()],
  ] as const
  return attributes
    .map(([type, value]) => [type, value.trim()] as const)
    .filter(([, value]) => value !== '')
    .map(([type, value]) => `${type}=${escaped(value)}`)
    .join(',')
}

function escaped(value: string): string {
  return value.replace(/[,+"\\<>;=#]/g, '\\$&')
}

/** Lines, each with its kind of name before it where the user left that to us. */
export function alternativeNames(text: string): string[] {
  const names = text.split(/[\n,]+/).map((line) => line.trim())
  return names.filter((name) => name !== '').map(withKind)
}

function withKind(name: string): string {
  if (/^(DNS|IP|email|URI):/i.test(name)) return name
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(name)) return `URI:${name}`
  if (name.includes('@')) return `email:${name}`
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(name) || name.includes(':') ? `IP:${name}` : `DNS:${name}`
}

function extensionsFor(use: MakeKeyOptions['use'], type: GeneratedKeyType): WantedExtensions {
  if (use === 'any') return {}
  if (use === 'signing') return { keyUsage: ['digitalSignature', 'nonRepudiation'] }
  const keyUsage = type.startsWith('RSA')
    ? (['digitalSignature', 'keyEncipherment'] as const)
    : (['digitalSignature'] as const)
  return { keyUsage, extendedKeyUsage: [use === 'client' ? 'clientAuth' : 'serverAuth'] }
}

function fileNames({ userId, use, subject, alternativeNames: names }: MakeKeyOptions): {
  key: string
  request: string
} {
  const name = subject.commonName.trim() || names.split(/[\n,]+/)[0]?.trim() || 'new'
  const naming: Naming = { userId, purpose: use === 'signing' ? 'signing' : 'ssl', base: safeName(name) }
  if (userId === '') return { key: `${naming.base}-key.pem`, request: `${naming.base}.csr` }
  return { key: outputName(naming, 'key'), request: outputName(naming, 'csr') }
}
