import { der } from '../../asn1/index.ts'
import { encryptPbes1, encryptPbes2 } from '../encryption/encrypt.ts'
import type { PasswordBytes } from '../encryption/passwords.ts'
import { wipe } from '../wipe.ts'
import {
  certificateBag,
  crlBag,
  dataContent,
  encryptedSafe,
  plainSafe,
  shroudedKeyBag,
} from './write-bags.ts'
import type { NewBags } from './write-contents.ts'
import { deriveMac } from './write-mac.ts'
import type { Pkcs12Scheme } from './write-options.ts'

/** PFX (RFC 7292 4): the certificates in an encrypted safe, the keys, each encrypted, in a plain one. */
export async function writePfx(
  { keys, certificates, crls }: NewBags,
  scheme: Pkcs12Scheme,
  password: PasswordBytes,
): Promise<Uint8Array<ArrayBuffer>> {
  const publicBags = [
    ...certificates.map(({ certificate, labels }) => certificateBag(certificate.der, labels)),
    ...crls.map(crlBag),
  ]
  // PBKDF2 runs on other threads, while the key of the MAC is derived on this one.
  const [safe, keyBags, mac] = await Promise.all([
    publicBags.length === 0 ? undefined : encrypt(der.sequence(publicBags), scheme, password),
    Promise.all(keys.map((key) => shroud(key, scheme, password))),
    deriveMac(scheme.mac, password),
  ])
  try {
    const safes = [
      ...(safe === undefined ? [] : [encryptedSafe(safe.algorithm, safe.ciphertext)]),
      ...(keyBags.length === 0 ? [] : [plainSafe(keyBags)]),
    ]
    const authSafe = der.sequence(safes)
    return der.sequence([der.integer(3), dataContent(authSafe), await mac.over(authSafe)])
  } finally {
    mac.wipe()
  }
}

async function shroud(
  { key, labels }: NewBags['keys'][number],
  scheme: Pkcs12Scheme,
  password: PasswordBytes,
): Promise<Uint8Array> {
  const plain = key.pkcs8()
  try {
    const { algorithm, ciphertext } = await encrypt(plain, scheme, password)
    return shroudedKeyBag(algorithm, ciphertext, labels)
  } finally {
    wipe(plain)
  }
}

async function encrypt(
  plain: Uint8Array,
  { encryption }: Pkcs12Scheme,
  password: PasswordBytes,
): ReturnType<typeof encryptPbes2> {
  if ('pbes2' in encryption) return await encryptPbes2(plain, password, encryption.pbes2)
  return await encryptPbes1(plain, password, { scheme: 'PBE-SHA1-3DES', iterations: encryption.pbes1 })
}
