/** pkcs11js itself, without sealkit: what a module answers when nobody stands between. */
import { createHash, type KeyObject, constants as nodeConstants, verify } from 'node:crypto'
import { createRequire } from 'node:module'
import type { Handle, IParams, Mechanism, PKCS11 } from 'pkcs11js'

export type Pkcs11js = typeof import('pkcs11js')

/** Loaded when it is needed: where it is not built the suites are skipped. */
export function loadPkcs11js(): Pkcs11js {
  return createRequire(import.meta.url)('pkcs11js') as Pkcs11js
}

/** A module that is loaded and initialised here; `using` finalises it. */
export class RawModule implements Disposable {
  readonly c: Pkcs11js
  readonly pkcs11: PKCS11

  constructor(path: string, libraryParameters?: string, { isStarted = false } = {}) {
    this.c = loadPkcs11js()
    this.pkcs11 = new this.c.PKCS11()
    this.pkcs11.load(path)
    if (!isStarted) this.start(libraryParameters)
  }

  /** One that somebody else in this process has initialised, and will finalise. */
  static beside(path: string): RawModule {
    return new RawModule(path, undefined, { isStarted: true })
  }

  start(libraryParameters?: string): void {
    const flags = this.c.CKF_OS_LOCKING_OK
    // pkcs11js loses the last character.
    const parameters = libraryParameters === undefined ? {} : { libraryParameters: `${libraryParameters} ` }
    this.pkcs11.C_Initialize({ flags, ...parameters })
  }

  [Symbol.dispose](): void {
    this.pkcs11.C_Finalize()
  }

  /** The slot whose token has this label. */
  slot(label: string): Handle {
    const slots = this.pkcs11.C_GetSlotList(true)
    const slot = slots.find((one) => this.pkcs11.C_GetTokenInfo(one).label.trim() === label)
    if (slot === undefined) throw new Error(`no token ${label}`)
    return slot
  }

  /** A session, logged in where a PIN is given. */
  session(slot: Handle, pin?: string): Handle {
    const session = this.pkcs11.C_OpenSession(slot, this.c.CKF_SERIAL_SESSION | this.c.CKF_RW_SESSION)
    if (pin !== undefined) this.pkcs11.C_Login(session, this.c.CKU_USER, pin)
    return session
  }

  /** The one private key with this CKA_ID. */
  privateKey(session: Handle, id: string): Handle {
    return this.#find(session, id, this.c.CKO_PRIVATE_KEY)
  }

  /** The one public key with this CKA_ID. */
  publicKey(session: Handle, id: string): Handle {
    return this.#find(session, id, this.c.CKO_PUBLIC_KEY)
  }

  #find(session: Handle, id: string, type: number): Handle {
    this.pkcs11.C_FindObjectsInit(session, [
      { type: this.c.CKA_CLASS, value: type },
      { type: this.c.CKA_ID, value: Buffer.from(id, 'hex') },
    ])
    const found = this.pkcs11.C_FindObjects(session, 2)
    this.pkcs11.C_FindObjectsFinal(session)
    const [key] = found
    if (key === undefined || found.length > 1) throw new Error(`${found.length} keys ${id}`)
    return key
  }

  sign(session: Handle, mechanism: Mechanism, key: Handle, data: Buffer): Buffer {
    this.pkcs11.C_SignInit(session, mechanism, key)
    return this.pkcs11.C_Sign(session, data, Buffer.alloc(1024))
  }

  pssWithSha256(): Mechanism {
    const { CK_PARAMS_RSA_PSS: type, CKM_SHA256: hashAlg, CKG_MGF1_SHA256: mgf } = this.c
    return { mechanism: this.c.CKM_RSA_PKCS_PSS, parameter: { type, hashAlg, mgf, saltLen: 32 } as IParams }
  }

  /** What the module answers: `CKR_OK`, or the name of its error. */
  answer(call: (pkcs11: PKCS11) => unknown): string {
    try {
      call(this.pkcs11)
      return 'CKR_OK'
    } catch (error) {
      return /CKR_\w+/.exec((error as Error).message)?.[0] ?? String(error)
    }
  }
}

/** The name that pkcs11js gives what a promise rejects with. */
export async function asyncAnswer(promise: Promise<unknown>): Promise<string> {
  return await promise.then(
    () => 'CKR_OK',
    (error: Error) => error.message,
  )
}

/** DigestInfo with SHA-256 (RFC 8017 section 9.2, note 1): what CKM_RSA_PKCS signs. */
export function digestInfo(data: Uint8Array): Buffer {
  const prefix = Buffer.from('3031300d060960864801650304020105000420', 'hex')
  return Buffer.concat([prefix, sha256(data)])
}

/** CKM_EDDSA (version 3.0), which pkcs11js does not name. */
export const CKM_EDDSA = 0x1057

export function sha256(data: Uint8Array): Buffer {
  return createHash('sha256').update(data).digest()
}

/** Verified by Node, with SHA-256; ECDSA as r||s. */
export function isGood(
  kind: 'PKCS1' | 'PSS' | 'ECDSA' | 'EdDSA',
  key: KeyObject,
  data: Uint8Array,
  signature: Buffer,
): boolean {
  const padding = nodeConstants[kind === 'PSS' ? 'RSA_PKCS1_PSS_PADDING' : 'RSA_PKCS1_PADDING']
  const how = {
    PKCS1: { padding },
    PSS: { padding },
    ECDSA: { dsaEncoding: 'ieee-p1363' as const },
    EdDSA: {},
  }
  return verify(kind === 'EdDSA' ? null : 'sha256', data, { key, ...how[kind] }, signature)
}
