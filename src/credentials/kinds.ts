/** What key and certificate files hold, by their content. */
export type Kind =
  | 'pkcs8'
  | 'encrypted-pkcs8'
  | 'pkcs1'
  | 'sec1'
  | 'dsa'
  | 'ec-parameters'
  | 'public-key'
  | 'rsa-public-key'
  | 'certificate'
  | 'attribute-certificate'
  | 'csr'
  | 'crl'
  | 'pkcs7'
  | 'cms'
  | 'pkcs12'
  | 'jks'
  | 'openssh'
  | 'putty'
  | 'ssh-public-key'

/** How a kind is called in a message, and what a user can do who gave it as a private key. */
export interface KindText {
  readonly name: string
  readonly hint?: string
}

const GIVE_KEY = 'give the file with the private key'

const TEXTS: Readonly<Record<Kind, KindText>> = {
  pkcs8: { name: 'a PKCS#8 private key' },
  'encrypted-pkcs8': { name: 'an encrypted PKCS#8 private key' },
  pkcs1: { name: 'an RSA private key (PKCS#1)' },
  sec1: { name: 'an EC private key (SEC 1)' },
  dsa: {
    name: 'a DSA private key',
    hint: 'DSA is not used for signing any more: an RSA or EC key is needed',
  },
  'ec-parameters': { name: 'EC parameters without a key', hint: GIVE_KEY },
  'public-key': { name: 'a public key', hint: GIVE_KEY },
  'rsa-public-key': { name: 'an RSA public key', hint: GIVE_KEY },
  certificate: { name: 'a certificate', hint: `${GIVE_KEY} that belongs to the certificate` },
  'attribute-certificate': { name: 'an attribute certificate', hint: GIVE_KEY },
  csr: { name: 'a certificate request (CSR)', hint: `${GIVE_KEY} that the request was made with` },
  crl: { name: 'a certificate revocation list', hint: GIVE_KEY },
  pkcs7: { name: 'a PKCS#7 certificate bag (.p7b)', hint: `${GIVE_KEY}: a .p7b never holds one` },
  cms: { name: 'a CMS message', hint: GIVE_KEY },
  pkcs12: {
    name: 'a PKCS#12 file (.p12, .pfx)',
    hint: 'give it as the file with the key, with its password',
  },
  jks: {
    name: 'a Java keystore (JKS)',
    hint: 'make it a PKCS#12 file: keytool -importkeystore -srckeystore FILE.jks -destkeystore FILE.p12 -deststoretype PKCS12',
  },
  openssh: {
    name: 'an OpenSSH private key',
    hint: 'convert a copy of it: ssh-keygen -p -m PKCS8 -f COPY (RSA and ECDSA keys only)',
  },
  putty: {
    name: 'a PuTTY private key (.ppk)',
    hint: 'convert it: puttygen FILE.ppk -O private-openssh -o FILE.pem (RSA and ECDSA keys only)',
  },
  'ssh-public-key': { name: 'an SSH public key', hint: GIVE_KEY },
}

/** Name and hint of a kind. */
export function describeKind(kind: Kind): KindText {
  return TEXTS[kind]
}

/** Kinds that are one private key. */
export function isPrivateKey(kind: Kind | undefined): boolean {
  return kind !== undefined && PRIVATE_KEYS.has(kind)
}

const PRIVATE_KEYS: ReadonlySet<Kind> = new Set([
  'pkcs8',
  'encrypted-pkcs8',
  'pkcs1',
  'sec1',
  'dsa',
  'openssh',
  'putty',
])

/** Kinds by their RFC 7468 label and those of older programs; content decides where it can be told. */
export const KIND_OF_LABEL: ReadonlyMap<string, Kind> = new Map([
  ['PRIVATE KEY', 'pkcs8'],
  ['ENCRYPTED PRIVATE KEY', 'encrypted-pkcs8'],
  ['RSA PRIVATE KEY', 'pkcs1'],
  ['EC PRIVATE KEY', 'sec1'],
  ['DSA PRIVATE KEY', 'dsa'],
  ['OPENSSH PRIVATE KEY', 'openssh'],
  ['EC PARAMETERS', 'ec-parameters'],
  ['PUBLIC KEY', 'public-key'],
  ['RSA PUBLIC KEY', 'rsa-public-key'],
  ['CERTIFICATE', 'certificate'],
  ['X509 CERTIFICATE', 'certificate'],
  ['TRUSTED CERTIFICATE', 'certificate'],
  ['ATTRIBUTE CERTIFICATE', 'attribute-certificate'],
  ['CERTIFICATE REQUEST', 'csr'],
  ['NEW CERTIFICATE REQUEST', 'csr'],
  ['X509 CRL', 'crl'],
  ['PKCS7', 'pkcs7'],
  ['PKCS12', 'pkcs12'],
  ['CMS', 'cms'],
])
