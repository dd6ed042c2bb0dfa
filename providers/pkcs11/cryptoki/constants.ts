/** Numbers of PKCS#11 (v2.40, v3.0) and of vendors; as unsigned numbers, since vendors' are above 2^31. */

/** Flags of CK_TOKEN_INFO. */
export const CKF = {
  WRITE_PROTECTED: 0x2,
  LOGIN_REQUIRED: 0x4,
  USER_PIN_INITIALIZED: 0x8,
  PROTECTED_AUTHENTICATION_PATH: 0x100,
  TOKEN_INITIALIZED: 0x400,
  USER_PIN_COUNT_LOW: 0x10000,
  USER_PIN_FINAL_TRY: 0x20000,
  USER_PIN_LOCKED: 0x40000,
  /** Of C_OpenSession. */
  RW_SESSION: 0x2,
  SERIAL_SESSION: 0x4,
  /** Of C_Initialize. */
  OS_LOCKING_OK: 0x2,
} as const

export const CKU = { USER: 1, CONTEXT_SPECIFIC: 2 } as const

export const CKO = { CERTIFICATE: 1, PUBLIC_KEY: 2, PRIVATE_KEY: 3 } as const

export const CKC_X_509 = 0

export const CKK = {
  RSA: 0x0,
  EC: 0x3,
  GOSTR3410: 0x30,
  EC_EDWARDS: 0x40,
  /** Rutoken, JaCarta. */
  GOSTR3410_512: 0xd4321003,
} as const

export const CKA = {
  CLASS: 0x0,
  TOKEN: 0x1,
  PRIVATE: 0x2,
  LABEL: 0x3,
  VALUE: 0x11,
  CERTIFICATE_TYPE: 0x80,
  ISSUER: 0x81,
  SERIAL_NUMBER: 0x82,
  KEY_TYPE: 0x100,
  SUBJECT: 0x101,
  ID: 0x102,
  SENSITIVE: 0x103,
  SIGN: 0x108,
  VERIFY: 0x10a,
  MODULUS: 0x120,
  MODULUS_BITS: 0x121,
  PUBLIC_EXPONENT: 0x122,
  PUBLIC_KEY_INFO: 0x129,
  EXTRACTABLE: 0x162,
  EC_PARAMS: 0x180,
  EC_POINT: 0x181,
  ALWAYS_AUTHENTICATE: 0x202,
  GOSTR3410_PARAMS: 0x250,
  GOSTR3411_PARAMS: 0x251,
} as const

export const CKM = {
  RSA_PKCS_KEY_PAIR_GEN: 0x0,
  RSA_PKCS: 0x1,
  RSA_PKCS_PSS: 0xd,
  SHA256_RSA_PKCS: 0x40,
  SHA384_RSA_PKCS: 0x41,
  SHA512_RSA_PKCS: 0x42,
  SHA256_RSA_PKCS_PSS: 0x43,
  SHA384_RSA_PKCS_PSS: 0x44,
  SHA512_RSA_PKCS_PSS: 0x45,
  SHA256: 0x250,
  SHA384: 0x260,
  SHA512: 0x270,
  EC_KEY_PAIR_GEN: 0x1040,
  ECDSA: 0x1041,
  ECDSA_SHA256: 0x1044,
  ECDSA_SHA384: 0x1045,
  ECDSA_SHA512: 0x1046,
  EC_EDWARDS_KEY_PAIR_GEN: 0x1055,
  EDDSA: 0x1057,
  GOSTR3410_KEY_PAIR_GEN: 0x1200,
  GOSTR3410: 0x1201,
  /** Rutoken, JaCarta. */
  GOSTR3410_512_KEY_PAIR_GEN: 0xd4321005,
  GOSTR3410_512: 0xd4321006,
  GOSTR3410_WITH_GOSTR3411_12_256: 0xd4321008,
  GOSTR3410_WITH_GOSTR3411_12_512: 0xd4321009,
} as const

/** CKG_MGF1_* for RSASSA-PSS. */
export const CKG = { MGF1_SHA256: 2, MGF1_SHA384: 3, MGF1_SHA512: 4 } as const

/** The name of a mechanism, where it is one of the above; else its number. */
export function mechanismName(mechanism: number): string {
  const name = MECHANISM_NAMES.get(mechanism >>> 0)
  return name === undefined ? `0x${(mechanism >>> 0).toString(16).padStart(8, '0')}` : `CKM_${name}`
}

const MECHANISM_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(CKM).map(([name, number]) => [number, name]),
)
