/**
 * A scripted stand-in for pkcs11js, for what no module of Debian does: GOST, PIN pads, short r and s, flags that lie,
 * cards that are pulled at a given call. It keeps the standard's rules about sessions, logins and operations, so that
 * who breaks them is told; errors are as pkcs11js throws them.
 */
import { fileURLToPath } from 'node:url'
import type {
  Attribute,
  Cryptoki,
  Handle,
  LibraryInfo,
  Mechanism,
  RawSlotInfo,
  RawTokenInfo,
} from '../../../../providers/pkcs11/cryptoki/interface.ts'
import { openPkcs11Key, type Pkcs11Key, type Pkcs11KeyOptions } from '../../../../providers/pkcs11/index.ts'
import { type CkrName, failure, type Pkcs11Error } from './fake-errors.ts'
import { type FakeObject, type FakeToken, tokenInfo, ulong } from './fake-token.ts'

interface Operation {
  readonly mechanism: number
  readonly key: FakeObject
  /** CKA_ALWAYS_AUTHENTICATE, and no login for this signature yet. */
  needsLogin: boolean
}

interface Session {
  readonly slot: number
  operation?: Operation | undefined
  found?: Handle[] | undefined
}

type Call = Extract<keyof Cryptoki, `C_${string}`>

export class FakeCryptoki implements Cryptoki {
  /** By slot number; a test puts tokens in and takes them out. */
  readonly slots = new Map<number, FakeToken | undefined>()
  /** Every call, by name, in order. */
  readonly calls: string[] = []
  /** The PINs that were tried, in order. */
  readonly pins: string[] = []
  /** Flags of C_Initialize. */
  initialized: { flags: number; libraryParameters?: string } | undefined
  /** Called before each call, with its number of that name from 1: what it names is thrown. */
  script: (call: Call, time: number) => CkrName | undefined = () => undefined
  readonly #sessions = new Map<string, Session>()
  readonly #loggedIn = new Set<FakeToken>()
  readonly #handles = new Map<FakeObject, Handle>()
  #last = 0

  constructor(...tokens: readonly FakeToken[]) {
    for (const [slot, token] of tokens.entries()) this.slots.set(slot, token)
  }

  /** For the option `cryptoki`. */
  readonly factory = async (): Promise<Cryptoki> => this

  /** Sessions that are open. */
  get openSessions(): number {
    return this.#sessions.size
  }

  /** What pulling the card does: its sessions, its login and its handles are gone. */
  pull(slot: number): void {
    const token = this.slots.get(slot)
    this.slots.set(slot, undefined)
    if (token === undefined) return
    this.#loggedIn.delete(token)
    for (const object of token.objects) this.#handles.delete(object)
    for (const [handle, session] of this.#sessions) if (session.slot === slot) this.#sessions.delete(handle)
  }

  /** What another program does to a token that has one login for all. */
  logOut(): void {
    this.#loggedIn.clear()
  }

  /** What an idle HSM does. */
  dropSessions(): void {
    this.#sessions.clear()
    this.#loggedIn.clear()
  }

  load(): void {}

  C_Initialize(options: { flags: number; libraryParameters?: string }): void {
    this.#enter('C_Initialize', { beforeInitialize: true })
    if (this.initialized !== undefined) throw failure('CKR_CRYPTOKI_ALREADY_INITIALIZED', 'C_Initialize')
    this.initialized = options
  }

  C_Finalize(): void {
    this.#enter('C_Finalize')
    this.initialized = undefined
    this.#sessions.clear()
    this.#loggedIn.clear()
    this.#handles.clear()
  }

  C_GetInfo(): LibraryInfo {
    this.#enter('C_GetInfo')
    const version = { major: 2, minor: 40 }
    const text = (value: string) => value.padEnd(32)
    return {
      cryptokiVersion: version,
      manufacturerID: text('sealkit tests'),
      libraryDescription: text('a fake'),
      libraryVersion: version,
    }
  }

  C_GetSlotList(tokenPresent: boolean): Handle[] {
    this.#enter('C_GetSlotList')
    const slots = [...this.slots].filter(([, token]) => !tokenPresent || token !== undefined)
    return slots.map(([slot]) => ulong(slot))
  }

  C_GetSlotInfo(slot: Handle): RawSlotInfo {
    this.#enter('C_GetSlotInfo')
    if (!this.slots.has(numberOf(slot))) throw failure('CKR_SLOT_ID_INVALID', 'C_GetSlotInfo')
    const flags = this.slots.get(numberOf(slot)) === undefined ? 0 : 1
    return { slotDescription: 'fake slot'.padEnd(64), manufacturerID: 'sealkit tests'.padEnd(32), flags }
  }

  C_GetTokenInfo(slot: Handle): RawTokenInfo {
    this.#enter('C_GetTokenInfo')
    return tokenInfo(this.#token(slot, 'C_GetTokenInfo'))
  }

  C_GetMechanismList(slot: Handle): number[] {
    this.#enter('C_GetMechanismList')
    return [...this.#token(slot, 'C_GetMechanismList').mechanisms]
  }

  C_GetMechanismInfo(): { minKeySize: number; maxKeySize: number; flags: number } {
    this.#enter('C_GetMechanismInfo')
    return { minKeySize: 0, maxKeySize: 0, flags: 0 }
  }

  C_OpenSession(slot: Handle): Handle {
    this.#enter('C_OpenSession')
    const { maxSessionCount } = this.#token(slot, 'C_OpenSession')
    const open = [...this.#sessions.values()].filter((session) => session.slot === numberOf(slot)).length
    if (maxSessionCount > 0 && open >= maxSessionCount) throw failure('CKR_SESSION_COUNT', 'C_OpenSession')
    const handle = this.#newHandle()
    this.#sessions.set(keyOf(handle), { slot: numberOf(slot) })
    return handle
  }

  C_CloseSession(session: Handle): void {
    this.#enter('C_CloseSession')
    const { slot } = this.#session(session, 'C_CloseSession')
    this.#sessions.delete(keyOf(session))
    const token = this.slots.get(slot)
    const isLast = ![...this.#sessions.values()].some((other) => other.slot === slot)
    if (isLast && token !== undefined) this.#loggedIn.delete(token)
  }

  C_GetSessionInfo(session: Handle): { state: number; flags: number; deviceError: number } {
    this.#enter('C_GetSessionInfo')
    const token = this.#tokenOf(session, 'C_GetSessionInfo')
    return { state: this.#loggedIn.has(token) ? 1 : 0, flags: 4, deviceError: 0 }
  }

  C_Login(session: Handle, userType: number, pin: string): void {
    this.#enter('C_Login')
    const token = this.#tokenOf(session, 'C_Login')
    const isForOne = userType === 2
    if (!isForOne && this.#loggedIn.has(token)) throw failure('CKR_USER_ALREADY_LOGGED_IN', 'C_Login')
    this.pins.push(pin)
    // A PIN pad asks by itself, and takes nothing from the program.
    const hasPad = (token.flags & 0x100) !== 0
    if (pin !== (hasPad ? '' : token.pin)) throw failure('CKR_PIN_INCORRECT', 'C_Login')
    if (!isForOne) this.#loggedIn.add(token)
    const { operation } = this.#session(session, 'C_Login')
    if (isForOne && operation === undefined) throw failure('CKR_OPERATION_NOT_INITIALIZED', 'C_Login')
    if (isForOne && operation !== undefined) operation.needsLogin = false
  }

  C_FindObjectsInit(session: Handle, template: Attribute[]): void {
    this.#enter('C_FindObjectsInit')
    const token = this.#tokenOf(session, 'C_FindObjectsInit')
    const fits = ({ attributes }: FakeObject) =>
      template.every(({ type, value }) => attributes.get(type)?.equals(bytesOf(value)) === true)
    const isShown = ({ attributes }: FakeObject) => this.#loggedIn.has(token) || attributes.get(2)?.[0] !== 1
    const found = token.objects.filter((object) => fits(object) && isShown(object))
    this.#session(session, 'C_FindObjectsInit').found = found.map((object) => this.#handleOf(object))
  }

  C_FindObjects(session: Handle, maxObjectCount: number): Handle[] {
    try {
      this.#enter('C_FindObjects')
      const { found } = this.#session(session, 'C_FindObjects')
      if (found === undefined) throw failure('CKR_OPERATION_NOT_INITIALIZED', 'C_FindObjects')
      return found.splice(0, maxObjectCount)
    } catch (error) {
      // As pkcs11js throws it here: a plain Error, whose number stands in the message alone.
      const { message, code } = error as Pkcs11Error
      throw new Error(`${message}:${code}`)
    }
  }

  C_FindObjectsFinal(session: Handle): void {
    this.#enter('C_FindObjectsFinal')
    this.#session(session, 'C_FindObjectsFinal').found = undefined
  }

  C_GetAttributeValue(
    session: Handle,
    object: Handle,
    template: { type: number }[],
  ): { type: number; value: Buffer }[] {
    this.#enter('C_GetAttributeValue')
    const { attributes } = this.#object(session, object, 'CKR_OBJECT_HANDLE_INVALID', 'C_GetAttributeValue')
    return template.map(({ type }) => {
      const value = attributes.get(type)
      if (value === undefined) throw failure('CKR_ATTRIBUTE_TYPE_INVALID', 'C_GetAttributeValue')
      return { type, value: Buffer.from(value) }
    })
  }

  C_SetAttributeValue(session: Handle, object: Handle, template: Attribute[]): void {
    this.#enter('C_SetAttributeValue')
    const { attributes } = this.#object(session, object, 'CKR_OBJECT_HANDLE_INVALID', 'C_SetAttributeValue')
    for (const { type, value } of template) attributes.set(type, bytesOf(value))
  }

  C_CreateObject(session: Handle, template: Attribute[]): Handle {
    this.#enter('C_CreateObject')
    const object = { attributes: new Map(template.map(({ type, value }) => [type, bytesOf(value)] as const)) }
    this.#tokenOf(session, 'C_CreateObject').objects.push(object)
    return this.#handleOf(object)
  }

  C_DestroyObject(session: Handle, object: Handle): void {
    this.#enter('C_DestroyObject')
    const doomed = this.#object(session, object, 'CKR_OBJECT_HANDLE_INVALID', 'C_DestroyObject')
    const { objects } = this.#tokenOf(session, 'C_DestroyObject')
    objects.splice(objects.indexOf(doomed), 1)
  }

  C_SignInit(session: Handle, { mechanism }: Mechanism, key: Handle): void {
    this.#enter('C_SignInit')
    const token = this.#tokenOf(session, 'C_SignInit')
    const open = this.#session(session, 'C_SignInit')
    if (open.operation !== undefined) throw failure('CKR_OPERATION_ACTIVE', 'C_SignInit')
    if (!this.#loggedIn.has(token)) throw failure('CKR_USER_NOT_LOGGED_IN', 'C_SignInit')
    const object = this.#object(session, key, 'CKR_KEY_HANDLE_INVALID', 'C_SignInit')
    if (!token.mechanisms.includes(mechanism)) throw failure('CKR_MECHANISM_INVALID', 'C_SignInit')
    open.operation = { mechanism, key: object, needsLogin: object.attributes.get(0x202)?.[0] === 1 }
  }

  /** In a later turn, as on another thread; what was given must not change meanwhile. */
  async C_SignAsync(session: Handle, data: Buffer, output: Buffer): Promise<Buffer> {
    const before = Buffer.from(data)
    await new Promise((resolve) => setImmediate(resolve))
    this.#enter('C_SignAsync')
    if (!before.equals(data)) throw new Error('the input changed while it was being signed')
    const open = this.#session(session, 'C_Sign')
    const { operation } = open
    open.operation = undefined
    if (operation === undefined) throw failure('CKR_OPERATION_NOT_INITIALIZED', 'C_Sign')
    if (operation.needsLogin) throw failure('CKR_USER_NOT_LOGGED_IN', 'C_Sign')
    const signature = operation.key.sign?.(operation.mechanism, data)
    if (signature === undefined) throw failure('CKR_FUNCTION_FAILED', 'C_Sign')
    signature.copy(output)
    return output.subarray(0, signature.length)
  }

  async C_GenerateKeyPairAsync(): Promise<{ publicKey: Handle; privateKey: Handle }> {
    this.#enter('C_GenerateKeyPairAsync')
    throw failure('CKR_FUNCTION_FAILED', 'C_GenerateKeyPair')
  }

  #enter(call: Call, { beforeInitialize = false } = {}): void {
    this.calls.push(call)
    const time = this.calls.filter((each) => each === call).length
    const name = this.script(call, time)
    if (name !== undefined) throw failure(name, call)
    if (this.initialized === undefined && !beforeInitialize)
      throw failure('CKR_CRYPTOKI_NOT_INITIALIZED', call)
  }

  #token(slot: Handle, call: string): FakeToken {
    const token = this.slots.get(numberOf(slot))
    if (token !== undefined) return token
    throw failure(this.slots.has(numberOf(slot)) ? 'CKR_TOKEN_NOT_PRESENT' : 'CKR_SLOT_ID_INVALID', call)
  }

  #session(handle: Handle, call: string): Session {
    const session = this.#sessions.get(keyOf(handle))
    if (session === undefined) throw failure('CKR_SESSION_HANDLE_INVALID', call)
    return session
  }

  #tokenOf(session: Handle, call: string): FakeToken {
    return this.#token(ulong(this.#session(session, call).slot), call)
  }

  #object(session: Handle, handle: Handle, otherwise: CkrName, call: string): FakeObject {
    const { objects } = this.#tokenOf(session, call)
    const object = objects.find((each) => this.#handles.get(each)?.equals(handle))
    if (object === undefined) throw failure(otherwise, call)
    return object
  }

  #handleOf(object: FakeObject): Handle {
    const handle = this.#handles.get(object) ?? this.#newHandle()
    this.#handles.set(object, handle)
    return handle
  }

  #newHandle(): Handle {
    this.#last++
    return ulong(this.#last)
  }
}

function keyOf(handle: Handle): string {
  return handle.toString('hex')
}

function numberOf(handle: Handle): number {
  return Number(handle.readBigUInt64LE())
}

function bytesOf(value: Attribute['value']): Buffer {
  if (typeof value === 'number') return ulong(value)
  if (typeof value === 'boolean') return Buffer.of(value ? 1 : 0)
  return Buffer.from(value ?? [])
}

/** Opens the key called `key` of a fake, by its PIN unless told otherwise. */
export async function openFake(
  fake: FakeCryptoki,
  options: Partial<Pkcs11KeyOptions> = {},
): Promise<Pkcs11Key> {
  const [token] = [...fake.slots.values()].filter((each) => each !== undefined)
  // A module has to be named; the fake does not look at it.
  const module = fileURLToPath(import.meta.url)
  const pin = () => token?.pin ?? ''
  return await openPkcs11Key({ key: 'pkcs11:object=key', module, cryptoki: fake.factory, pin, ...options })
}
