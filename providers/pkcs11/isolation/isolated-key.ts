import { inspect } from 'node:util'
import { parseSignatureAlgorithm, type SignatureAlgorithm } from '../../../src/algorithms/index.ts'
import { SignerError } from '../../../src/errors.ts'
import type { SignCallOptions } from '../../../src/signer/index.ts'
import { Certificate } from '../../../src/x509/index.ts'
import { manyMayListen, settleOrAbort, settleWithin } from '../key/abort.ts'
import { keyJson, keyText, type Pkcs11Key } from '../key/key.ts'
import type { TokenEvent, TokenListener } from '../key/listeners.ts'
import type { Pkcs11KeyOptions } from '../key/options.ts'
import { pinOf } from '../key/pin-of-uri.ts'
import type { TokenInfo } from '../token/token.ts'
import { formatPkcs11Uri, parsePkcs11Uri } from '../uri/index.ts'
import { EndedError } from './channel.ts'
import type { OpenedPlain, PlainOptions } from './messages.ts'
import { ModuleSide } from './module-side.ts'

/** What {@link openIsolatedKey} is given: certificates are read already. */
export interface IsolatedKeyOptions extends Omit<Pkcs11KeyOptions, 'certificate' | 'chain'> {
  certificate: readonly Certificate[] | undefined
  chain: readonly Certificate[]
}

/** Opens a key whose module runs in a thread or a process of its own. */
export async function openIsolatedKey(options: IsolatedKeyOptions): Promise<Pkcs11Key> {
  const { isolation, cryptoki, pin: given, signal, certificate, chain, ...rest } = options
  if (isolation !== 'thread' && isolation !== 'process') {
    throw new TypeError(`isolation must be thread or process, got ${String(isolation)}`)
  }
  if (cryptoki !== undefined) throw new TypeError('cryptoki cannot be given where the module is isolated')
  const uri = parsePkcs11Uri(options.key)
  // The PIN stays on this side, where it is used once also when the other side is started again.
  const pin = pinOf(given, uri)
  const { pinSource: _, pinValue: __, ...named } = uri
  const plain: PlainOptions = {
    ...rest,
    key: formatPkcs11Uri(named),
    hasPin: pin !== undefined,
    certificate: certificate?.map(({ der }) => der),
    chain: chain.map(({ der }) => der),
  }
  const host = new ModuleSide(isolation, plain, pin, signal)
  try {
    const opened = await settleOrAbort(host.open(), signal)
    return new IsolatedKey(host, opened)
  } catch (error) {
    await host.end()
    throw error
  }
}

/** How long what is in flight may take when the key is disposed of, in milliseconds: a module may never answer. */
const PATIENCE = 10_000

/** A {@link Pkcs11Key} whose module runs elsewhere. */
class IsolatedKey implements Pkcs11Key {
  readonly certificate: Certificate
  readonly chain: readonly Certificate[]
  readonly algorithm: SignatureAlgorithm
  readonly uri: string
  readonly token: TokenInfo
  readonly module: string
  readonly warnings: readonly string[]
  readonly #host: ModuleSide
  #isLost = false
  #disposing: Promise<void> | undefined
  readonly #inFlight = new Set<Promise<Uint8Array>>()

  constructor(host: ModuleSide, opened: OpenedPlain) {
    this.#host = host
    this.certificate = Certificate.parse(opened.certificate)
    this.chain = opened.chain.map((der) => Certificate.parse(der))
    this.algorithm = parseSignatureAlgorithm(opened.algorithm)
    this.uri = opened.uri
    this.token = opened.token
    this.module = opened.module
    this.warnings = opened.warnings
  }

  on(event: TokenEvent, listener: TokenListener): () => void {
    return this.#host.listeners.add(event, listener)
  }

  async sign(data: Uint8Array, { signal }: SignCallOptions = {}): Promise<Uint8Array> {
    if (!(data instanceof Uint8Array)) throw new TypeError('data must be a Uint8Array')
    if (this.#disposing !== undefined) {
      throw new SignerError('ERR_SIGNER_DISPOSED', 'the key has been disposed of')
    }
    signal?.throwIfAborted()
    manyMayListen(signal)
    const signing = this.#signTwice(new Uint8Array(data), signal)
    this.#inFlight.add(signing)
    const done = (): boolean => this.#inFlight.delete(signing)
    signing.then(done, done)
    return await settleOrAbort(signing, signal)
  }

  /** Once more where the other side has ended, as after a crash of the module. */
  async #signTwice(data: Uint8Array, signal: AbortSignal | undefined): Promise<Uint8Array> {
    try {
      return await this.#host.sign(data, signal)
    } catch (error) {
      if (!(error instanceof EndedError) || this.#disposing !== undefined) throw error
      this.#tell('lost', error)
    }
    const signature = await this.#host.sign(data, signal)
    this.#tell('back')
    return signature
  }

  /** However many signatures were in flight, it is told once. */
  #tell(event: TokenEvent, reason?: unknown): void {
    if (this.#isLost === (event === 'lost')) return
    this.#isLost = event === 'lost'
    this.#host.listeners.tell(event, { uri: this.uri, ...(reason === undefined ? {} : { reason }) })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposing ??= this.#dispose()
    await this.#disposing
  }

  async #dispose(): Promise<void> {
    const inFlight = Promise.allSettled(this.#inFlight)
    await settleWithin(
      inFlight.then(() => this.#host.close()),
      PATIENCE,
    )
    await this.#host.end()
    this.#host.listeners.clear()
  }

  toString(): string {
    return keyText(this)
  }
  toJSON(): Record<string, string> {
    return keyJson(this)
  }
  [inspect.custom](): string {
    return `Pkcs11Key { ${this} }`
  }
}
