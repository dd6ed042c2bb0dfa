import { contextTag, type Element, readDer, Tag, toDefinite, toHex } from '../asn1/index.ts'
import { Asn1Error } from '../errors.ts'
import type { Kind } from './kinds.ts'

/**
 * Tells what bytes are by their outermost structure, BER or DER; the name of the file does not count.
 *
 * @returns undefined where they are none of the known kinds, or are damaged
 */
export function recognise(bytes: Uint8Array): Kind | undefined {
  const magic = MAGIC.find(([start]) => start.every((octet, i) => bytes[i] === octet))
  if (magic !== undefined) return magic[1]
  const definite = typed(() => toDefinite(bytes))
  const root = definite && elements(definite)[0]
  if (root?.tag === Tag.OBJECT_IDENTIFIER) return 'ec-parameters'
  return root?.tag === Tag.SEQUENCE ? ofFields(elements(root.content)) : undefined
}

const ascii = (text: string): number[] => Array.from(text, (character) => character.charCodeAt(0))

const MAGIC: readonly (readonly [readonly number[], Kind])[] = [
  [[0xfe, 0xed, 0xfe, 0xed], 'jks'],
  // JCEKS, the keystore of Java's other provider.
  [[0xce, 0xce, 0xce, 0xce], 'jks'],
  [ascii('openssh-key-v1\0'), 'openssh'],
  [ascii('PuTTY-User-Key-File-'), 'putty'],
  [ascii('ssh-'), 'ssh-public-key'],
  [ascii('ecdsa-sha2-'), 'ssh-public-key'],
]

const INTEGER = Tag.INTEGER
const CONTEXT_0 = contextTag(0, true)
const SIGNED_DATA = '2a864886f70d010702'

/** The elements that stand in a row, whose own insides are not looked at; none where they are damaged. */
function elements(content: Uint8Array): Element[] {
  return (
    typed(() => {
      const list: Element[] = []
      readDer(
        content,
        '',
        (r) => {
          while (!r.done) list.push(r.element(''))
        },
        { rules: 'definite' },
      )
      return list
    }) ?? []
  )
}

function typed<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof Asn1Error) return undefined
    throw error
  }
}

function ofFields(fields: readonly Element[]): Kind | undefined {
  const [first, second, third] = fields
  const tags = fields.map(({ tag }) => tag)
  if (first?.tag === Tag.OBJECT_IDENTIFIER && second?.tag === CONTEXT_0) {
    return toHex(first.content) === SIGNED_DATA ? signedData(second) : 'cms'
  }
  if (first?.tag === INTEGER) return ofVersion(first, tags)
  if (first?.tag !== Tag.SEQUENCE) return undefined
  if (second?.tag === Tag.OCTET_STRING && tags.length === 2) return 'encrypted-pkcs8'
  if (second?.tag === Tag.BIT_STRING && tags.length === 2) return 'public-key'
  if (second?.tag === Tag.SEQUENCE && third?.tag === Tag.BIT_STRING) return ofSigned(first)
  return undefined
}

/** Structures that begin with an INTEGER: a version, or the modulus of a bare RSA public key. */
function ofVersion(version: Element, tags: readonly number[]): Kind | undefined {
  if (tags.every((tag) => tag === INTEGER)) {
    if (tags.length >= 9) return 'pkcs1'
    return tags.length === 6 ? 'dsa' : tags.length === 2 ? 'rsa-public-key' : undefined
  }
  if (tags[1] === Tag.OCTET_STRING) return 'sec1'
  if (tags[1] !== Tag.SEQUENCE) return undefined
  if (tags[2] === Tag.OCTET_STRING) return 'pkcs8'
  return version.content[0] === 3 ? 'pkcs12' : undefined
}

/** X.509's SIGNED: certificate, attribute certificate, request or CRL. */
function ofSigned(toBeSigned: Element): Kind | undefined {
  const tags = elements(toBeSigned.content).map(({ tag }) => tag)
  if (tags[0] === CONTEXT_0) return 'certificate'
  if (tags.slice(0, 4).some((tag) => tag === Tag.UTC_TIME || tag === Tag.GENERALIZED_TIME)) return 'crl'
  if (tags[0] !== INTEGER || tags[1] !== Tag.SEQUENCE) return undefined
  if (tags[2] === CONTEXT_0) return 'attribute-certificate'
  // A v1 certificate has validity and subject where a request has its key and attributes.
  return tags.length >= 6 ? 'certificate' : 'csr'
}

/** A certificate bag is a signedData without signers: its last field is an empty SET. */
function signedData({ content }: Element): Kind {
  const fields = elements(elements(content)[0]?.content ?? content)
  const last = fields.at(-1)
  return last?.tag === Tag.SET && last.content.length === 0 ? 'pkcs7' : 'cms'
}
