import { stat } from 'node:fs/promises'
import { PathError } from '../errors.ts'
import { Certificate } from '../x509/index.ts'
import type { Bundle } from './bundle.ts'

/** Where systems keep the bundle of their roots. */
export const SYSTEM_BUNDLES: readonly string[] = [
  // Debian, Ubuntu, Arch, Gentoo, Alpine
  '/etc/ssl/certs/ca-certificates.crt',
  // Fedora, RHEL and their like
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/pki/tls/certs/ca-bundle.crt',
  // openSUSE
  '/etc/ssl/ca-bundle.pem',
  '/var/lib/ca-certificates/ca-bundle.pem',
  // macOS, the BSDs
  '/etc/ssl/cert.pem',
  '/usr/local/etc/ssl/cert.pem',
  '/usr/local/share/certs/ca-root-nss.crt',
  '/etc/openssl/certs/ca-certificates.crt',
]

/** @returns the first that is there */
export async function systemBundle(): Promise<string | undefined> {
  for (const path of SYSTEM_BUNDLES) {
    const status = await stat(path).catch(() => undefined)
    if (status?.isFile()) return path
  }
  return undefined
}

interface NodeTls {
  readonly rootCertificates: readonly string[]
  /** From Node 22.15 on. */
  readonly getCACertificates?: (type: 'default' | 'system') => readonly string[]
}

const nodeTls = async (): Promise<NodeTls> => await import('node:tls')

/** The roots that Node's TLS trusts: its own, and what NODE_EXTRA_CA_CERTS and the like add where Node tells. */
export async function nodeRoots(): Promise<Bundle> {
  const { rootCertificates, getCACertificates } = await nodeTls()
  return fromPems(getCACertificates?.('default') ?? rootCertificates)
}

/** The system's roots as Node knows them: of Windows and macOS, which keep them in no file. */
export async function systemRoots(): Promise<Bundle> {
  const { getCACertificates } = await nodeTls()
  if (getCACertificates !== undefined) return fromPems(getCACertificates('system'))
  const hint = "install the package ca-certificates, name the file with the roots, or take 'node', Node's own"
  throw new PathError('ERR_PATH_TRUST_STORE', "the system's roots are in none of the known places", { hint })
}

function fromPems(pems: readonly string[]): Bundle {
  return { certificates: pems.map((pem) => Certificate.fromPem(pem)), notes: [] }
}
