/** The errors of the fake: as pkcs11js throws them. */

/** The values of those that tests ask for. */
const CKR = {
  CKR_SLOT_ID_INVALID: 0x3,
  CKR_GENERAL_ERROR: 0x5,
  CKR_FUNCTION_FAILED: 0x6,
  CKR_ATTRIBUTE_TYPE_INVALID: 0x12,
  CKR_DEVICE_ERROR: 0x30,
  CKR_DEVICE_REMOVED: 0x32,
  CKR_FUNCTION_CANCELED: 0x50,
  CKR_KEY_HANDLE_INVALID: 0x60,
  CKR_MECHANISM_INVALID: 0x70,
  CKR_OBJECT_HANDLE_INVALID: 0x82,
  CKR_OPERATION_ACTIVE: 0x90,
  CKR_OPERATION_NOT_INITIALIZED: 0x91,
  CKR_PIN_INCORRECT: 0xa0,
  CKR_PIN_LOCKED: 0xa4,
  CKR_SESSION_CLOSED: 0xb0,
  CKR_SESSION_COUNT: 0xb1,
  CKR_SESSION_HANDLE_INVALID: 0xb3,
  CKR_TOKEN_NOT_PRESENT: 0xe0,
  CKR_USER_ALREADY_LOGGED_IN: 0x100,
  CKR_USER_NOT_LOGGED_IN: 0x101,
  CKR_CRYPTOKI_NOT_INITIALIZED: 0x190,
  CKR_CRYPTOKI_ALREADY_INITIALIZED: 0x191,
  CKR_VENDOR_DEFINED: 0x80000000,
} as const
export type CkrName = keyof typeof CKR

/** What pkcs11js throws, but for C_FindObjects. */
export class Pkcs11Error extends Error {
  readonly code: number
  readonly method: string

  constructor(name: CkrName, method: string) {
    super(name)
    this.name = 'Pkcs11Error'
    this.code = CKR[name]
    this.method = method
  }
}

export function failure(name: CkrName, method: string): Pkcs11Error {
  return new Pkcs11Error(name, method)
}
