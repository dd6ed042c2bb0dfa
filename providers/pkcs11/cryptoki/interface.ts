/** A handle or an identifier as pkcs11js gives it: the bytes of a CK_ULONG of this platform. */
export type Handle = Buffer

/** Version of a library, a token, a slot. */
export interface Version {
  major: number
  minor: number
}

/** CK_INFO. Texts are padded with blanks. */
export interface LibraryInfo {
  cryptokiVersion: Version
  manufacturerID: string
  libraryDescription: string
  libraryVersion: Version
}

/** CK_SLOT_INFO. */
export interface RawSlotInfo {
  slotDescription: string
  manufacturerID: string
  flags: number
}

/** CK_TOKEN_INFO. */
export interface RawTokenInfo {
  label: string
  manufacturerID: string
  model: string
  serialNumber: string
  flags: number
  maxSessionCount: number
  minPinLen: number
  maxPinLen: number
  firmwareVersion: Version
  hardwareVersion: Version
}

/** CK_ATTRIBUTE as it is written. */
export interface Attribute {
  type: number
  value?: number | boolean | string | Buffer
}

/** CK_MECHANISM. */
export interface Mechanism {
  mechanism: number
  parameter?: Buffer | { type: number; hashAlg: number; mgf: number; saltLen: number }
}

/**
 * What is used of pkcs11js's class `PKCS11`. Declared here, so that who does not install that package can compile
 * against sealkit all the same.
 */
export interface Cryptoki {
  load(path: string): void
  C_Initialize(options: { flags: number; libraryParameters?: string }): void
  C_Finalize(): void
  C_GetInfo(): LibraryInfo
  C_GetSlotList(tokenPresent: boolean): Handle[]
  C_GetSlotInfo(slot: Handle): RawSlotInfo
  C_GetTokenInfo(slot: Handle): RawTokenInfo
  C_GetMechanismList(slot: Handle): number[]
  C_GetMechanismInfo(
    slot: Handle,
    mechanism: number,
  ): { minKeySize: number; maxKeySize: number; flags: number }
  C_OpenSession(slot: Handle, flags: number): Handle
  C_CloseSession(session: Handle): void
  C_GetSessionInfo(session: Handle): { state: number; flags: number; deviceError: number }
  C_Login(session: Handle, userType: number, pin: string): void
  C_FindObjectsInit(session: Handle, template: Attribute[]): void
  C_FindObjects(session: Handle, maxObjectCount: number): Handle[]
  C_FindObjectsFinal(session: Handle): void
  C_GetAttributeValue(session: Handle, object: Handle, template: { type: number }[]): { value: Buffer }[]
  C_SetAttributeValue(session: Handle, object: Handle, template: Attribute[]): void
  C_CreateObject(session: Handle, template: Attribute[]): Handle
  C_DestroyObject(session: Handle, object: Handle): void
  C_SignInit(session: Handle, mechanism: Mechanism, key: Handle): void
  C_SignAsync(session: Handle, data: Buffer, output: Buffer): Promise<Buffer>
  C_GenerateKeyPairAsync(
    session: Handle,
    mechanism: Mechanism,
    publicTemplate: Attribute[],
    privateTemplate: Attribute[],
  ): Promise<{ publicKey: Handle; privateKey: Handle }>
}
