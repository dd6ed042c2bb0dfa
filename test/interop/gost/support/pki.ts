/** The keys and certificates of vectors/gost/pki, and the parameter sets that they stand for. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../../support/tools.ts'
import type { Identity } from '../../support/pki.ts'
import type { Curve } from './ec.ts'

const folder = join(root, 'vectors/gost')

/** A parameter set: the name of its leaf, and the length of key and digest. */
export interface GostSet {
  readonly name: string
  readonly bits: 256 | 512
  readonly oid: string
}

const set = (name: string, bits: 256 | 512, oid: string): GostSet => ({ name, bits, oid })

/** Every parameter set that OpenSSL's engine makes keys for. */
export const gostSets: readonly GostSet[] = [
  set('256-a', 256, '1.2.643.7.1.2.1.1.1'),
  set('256-b', 256, '1.2.643.7.1.2.1.1.2'),
  set('256-c', 256, '1.2.643.7.1.2.1.1.3'),
  set('256-d', 256, '1.2.643.7.1.2.1.1.4'),
  set('cryptopro-a', 256, '1.2.643.2.2.35.1'),
  set('cryptopro-b', 256, '1.2.643.2.2.35.2'),
  set('cryptopro-c', 256, '1.2.643.2.2.35.3'),
  set('cryptopro-xa', 256, '1.2.643.2.2.36.0'),
  set('cryptopro-xb', 256, '1.2.643.2.2.36.1'),
  set('512-a', 512, '1.2.643.7.1.2.1.2.1'),
  set('512-b', 512, '1.2.643.7.1.2.1.2.2'),
  set('512-c', 512, '1.2.643.7.1.2.1.2.3'),
]

export function gostSet(name: string): GostSet {
  const found = gostSets.find((one) => one.name === name)
  if (found === undefined) throw new Error(`no parameter set ${name}`)
  return found
}

interface Numbers {
  readonly oid: string
  readonly [name: string]: string
}

/** The numbers of a set, from rfc7836.json. */
export function curveOf(set: GostSet): Curve {
  const { sets, sameAs } = JSON.parse(readFileSync(gostFile('rfc7836.json'), 'utf8')) as {
    sets: readonly Numbers[]
    sameAs: Record<string, string>
  }
  const found = sets.find(({ oid }) => oid === (sameAs[set.oid] ?? set.oid))
  const number = (name: string) => BigInt(`0x${found?.[name]}`)
  return { p: number('p'), q: number('q'), a: number('a'), b: number('b'), x: number('x'), y: number('y') }
}

/** A file of vectors/gost. */
export function gostFile(...path: readonly string[]): string {
  return join(folder, ...path)
}

export function gostBytes(...path: readonly string[]): Buffer {
  return readFileSync(gostFile(...path))
}

/** The bytes within a text's first PEM block. */
export function pemBytes(pem: string): Uint8Array {
  const base64 = /-----BEGIN [^-]+-----([^-]+)-----END/.exec(pem)?.[1]
  if (base64 === undefined) throw new Error('no PEM block')
  return new Uint8Array(Buffer.from(base64, 'base64'))
}

/** A leaf, `intermediate` or `root`, with its key. */
export function gostIdentity(name: string): Identity {
  const [keyFile, certificateFile] = [gostFile('pki', `${name}.key`), gostFile('pki', `${name}.crt`)]
  const [keyPem, certificatePem] = [readFileSync(keyFile, 'utf8'), readFileSync(certificateFile, 'utf8')]
  const [key, certificate] = [pemBytes(keyPem), pemBytes(certificatePem)]
  return { name, keyFile, certificateFile, keyPem, certificatePem, key, certificate }
}

/** What the messages of vectors/gost were made over. */
export const gostContent: Uint8Array = new Uint8Array(gostBytes('content.txt'))
