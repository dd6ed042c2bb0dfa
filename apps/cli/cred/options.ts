import type { OptionGroup } from '../options.ts'
import { OUT_PASSWORD_OPTIONS, PASSWORD_OPTIONS } from '../secrets.ts'

/** Types of keys that are made. */
export const KEY_TYPES = [
  ...(['RSA-2048', 'RSA-3072', 'RSA-4096', 'P-256', 'P-384', 'P-521', 'Ed25519'] as const),
  ...(['GOST3410-2012-256-A', 'GOST3410-2012-256-B', 'GOST3410-2012-256-C', 'GOST3410-2012-256-D'] as const),
  ...(['GOST3410-2012-512-A', 'GOST3410-2012-512-B', 'GOST3410-2012-512-C'] as const),
]
export const PROFILES = ['modern', 'java', 'legacy'] as const
export const ENCRYPTIONS = {
  aes256: 'AES-256-CBC',
  aes192: 'AES-192-CBC',
  aes128: 'AES-128-CBC',
  '3des': 'PBE-SHA1-3DES',
} as const
export const MACS = {
  sha256: 'HMAC-SHA-256',
  sha384: 'HMAC-SHA-384',
  sha512: 'HMAC-SHA-512',
  sha1: 'HMAC-SHA-1',
  pbmac1: 'PBMAC1',
} as const
export const KDFS = { pbkdf2: 'PBKDF2', scrypt: 'scrypt' } as const

/** Passwords of encrypted files. */
export const IN_PASSWORD: OptionGroup = {
  title: 'Password of what is read (asked for where none of these is given)',
  options: PASSWORD_OPTIONS.options,
}

/** Password of what is made. */
export const OUT_PASSWORD: OptionGroup = OUT_PASSWORD_OPTIONS

/** What is taken from files that are read. */
export const READING: OptionGroup = {
  title: 'Reading',
  options: [
    {
      name: 'choose',
      value: 'KEY',
      summary: 'of several keys this one: its number from 1, friendly name, or the start of its key sha256',
    },
    {
      name: 'allow-missing-mac',
      summary: 'take a PKCS#12 file without MAC, which anyone may have changed',
    },
    {
      name: 'max-iterations',
      value: 'N',
      summary: 'take files whose key derivation has up to N iterations; default 5000000',
    },
  ],
}

/** How a PKCS#12 file is made, in detail. */
export const P12_DETAILS: OptionGroup = {
  title: 'The PKCS#12 file',
  options: [
    {
      name: 'profile',
      value: PROFILES,
      summary:
        'who is to open it. modern (default): AES-256, SHA-256, 250000 iterations; java: the same, and a password that Java takes; legacy: 3DES and SHA-1, weak, for old programs',
    },
    {
      name: 'name',
      value: 'NAME',
      summary: 'friendly name, the alias in Java; default: of the file name, or the common name',
    },
    { name: 'iterations', value: 'N', summary: '1000 to 5000000' },
    { name: 'encryption', value: Object.keys(ENCRYPTIONS), summary: 'in place of that of the profile' },
    { name: 'mac', value: Object.keys(MACS), summary: 'in place of that of the profile' },
    {
      name: 'kdf',
      value: Object.keys(KDFS),
      summary: 'default: pbkdf2. Java, NSS and forge do not know scrypt',
    },
  ],
}

/** Whether a key in PEM is encrypted. */
export const PEM_ENCRYPTION: OptionGroup = {
  title: 'Encryption of a private key in PEM (default: encrypted where it was)',
  options: [
    { name: 'encrypt', summary: 'with a new password: PBES2, AES-256' },
    { name: 'no-encrypt', summary: 'leave it open; the file is for its owner only (0600)' },
  ],
}
