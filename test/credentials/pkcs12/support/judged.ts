/**
 * What is expected of the shared files where `expect` leaves room: the error for each file that is to be refused,
 * and the files that are judged otherwise than the index, each with the reason.
 */
import type { SharedEntry } from './entries.ts'

/** Files that are to be refused, by the error they give; the first pattern that fits counts. */
const refusals: readonly (readonly [code: string, files: RegExp])[] = [
  // Their password is not known, or the one given is wrong.
  ['PASSWORD_WRONG', /gen\/keytool25\/pass-|malformed\/wrong-password/],
  ['PASSWORD_REQUIRED', /nss\/OCSPCA/],
  // Nothing in the file is encrypted: nothing tells a wrong password from a change.
  ['PASSWORD_WRONG', /malformed\/mac-tampered/],
  // The password opens the contents, and the MAC does not fit.
  ['MAC_WRONG', /bad-salt|bad-iter/],
  ['LIMIT', /iter-(1e7|1e8|2e31|2e32)|bags-20000|scrypt-N-|nest-|oid-254k|safes-2000/],
  ['UNSUPPORTED', /version[-_]|enveloped|shr-garbage|mem-leak/],
  ['FORMAT', /./],
]

/** Without the prefix that all have. */
export function refusalOf(file: string): string {
  const [code = ''] = refusals.find(([, files]) => files.test(file)) ?? []
  return code
}

type Verdict = 'opens' | 'opens with a note' | `refused: ${string}`

/** Entries of which the index says that both are right: what is right here. */
const choices: readonly (readonly [Verdict, RegExp])[] = [
  // unsupported-ok: these algorithms are there, of the others none.
  ['opens', /gen\/\w+\/mac-sha384|camellia/],
  ['refused: UNSUPPORTED', /gost|aria|sm4|aes-gcm|mac-(ripemd160|sha3-256|sha512-256|sm3)/],
  // lenient
  ['opens', /friendlyname-utf8string/],
  ['opens with a note', /mixed-null-mac-empty-enc/],
  ['refused: FORMAT', /trailing-zeros|mac-salt-empty/],
  // limit
  ['refused: LIMIT', /bags-20000|certs-1000|mac-salt-1mib|safes-2000/],
  // no-crash, warn
  ['opens with a note', /bmp-lone-surrogate|bmp-odd|boolean-localkeyid|key-mismatch/],
  ['opens', /attr-empty-set|attr-two-values|bmp-cve|bmp-nul-newline|proto-name/],
]

export function choiceOf(file: string): Verdict | undefined {
  return choices.find(([, files]) => files.test(file))?.[0]
}

interface Judgement {
  readonly verdict: Verdict
  /** First 16 hex digits of fingerprints, where others than the index's are expected */
  readonly keys?: readonly string[]
  readonly certs?: readonly string[]
  readonly why: string
}

/** Entries that are judged otherwise than the index says. */
export const otherwise: Readonly<Record<string, Judgement>> = {
  'corpus/bc-java/with-key-entry.p12': {
    verdict: 'opens with a note',
    keys: ['d4b2cbb15fd4a79f'],
    certs: ['8b70c82204a3b949'],
    why: 'one writer took the octets of the password for its characters; that form is tried too',
  },
  ...Object.fromEntries(
    Object.entries({
      '1024-priv': 'df5222d0de6c6f68',
      '768-both': '31c61af2184aa9de',
      '768-priv': 'e456d783b975a5ff',
      '768-seed': '2d335753cff5e217',
    }).map(([name, key]): [string, Judgement] => [
      `corpus/nss/openssl-ml-kem-${name}.p12`,
      {
        verdict: 'opens with a note',
        keys: [key],
        why: 'the index has no fingerprint of the key; this is its certificate, known by localKeyId',
      },
    ]),
  ),
  'corpus/botan/key_cert_spki_mismatch.pfx': {
    verdict: 'opens with a note',
    why: 'the file is right, and the key is given without a certificate: as with malformed/key-mismatch.p12',
  },
  'corpus/dss/keystore_corrupted.p12': {
    verdict: 'opens with a note',
    why: 'a well-formed file with a right MAC and nothing in it; OpenSSL opens it too',
  },
  ...Object.fromEntries(
    ['RC2', 'TDES'].map((cipher): [string, Judgement] => [
      `corpus/openssl/v3-certs-${cipher}.p12`,
      {
        verdict: 'opens with a note',
        certs: ['61b78875e2f79284'],
        why: 'one of two certificates, of 1996, has a UTCTime with a time zone, which is no DER (X.690 11.8): it is left out, and a note says so',
      },
    ]),
  ),
  'gen/forge143/key-rsapss.p12': {
    verdict: 'opens with a note',
    keys: ['0fba4223812bd27f'],
    certs: ['0403f4b20388e318', '30d83ffb04f78e53', 'c9d7b4253cc54360'],
    why: 'the key as forge rewrote it lies beside the certificates of another key, not beside those that the index names',
  },
}

/** The entry with the fingerprints that are expected of sealkit. */
export function asJudged(entry: SharedEntry): SharedEntry {
  const { keys = entry.keys, certs = entry.certs } = otherwise[entry.file] ?? {}
  return { ...entry, keys, certs }
}

/** As other readers are judged: by the index, and by what it could not compute where it says so. */
export function asForPeers(entry: SharedEntry): SharedEntry {
  return entry.keys.some((key) => key.startsWith('ERR')) ? asJudged(entry) : entry
}
