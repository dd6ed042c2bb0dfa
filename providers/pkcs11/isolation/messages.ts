import type { TokenEvent } from '../key/listeners.ts'
import type { Pkcs11KeyOptions } from '../key/options.ts'
import type { PinRequest } from '../token/pin.ts'
import type { TokenInfo } from '../token/token.ts'

/** Options as they cross to the other side: no functions, certificates as DER. */
export interface PlainOptions
  extends Omit<Pkcs11KeyOptions, 'pin' | 'certificate' | 'chain' | 'cryptoki' | 'signal' | 'isolation'> {
  readonly hasPin: boolean
  readonly certificate: readonly Uint8Array[] | undefined
  readonly chain: readonly Uint8Array[]
}

/** What the side of the key asks the side of the module. */
export type Request =
  | { readonly do: 'open'; readonly id: number; readonly options: PlainOptions }
  | { readonly do: 'sign'; readonly id: number; readonly data: Uint8Array }
  | { readonly do: 'abort'; readonly id: number }
  | {
      readonly do: 'pin'
      readonly id: number
      readonly pin?: string | Uint8Array
      readonly error?: PlainError
    }
  | { readonly do: 'close'; readonly id: number }

/** What it is answered. */
export type Answer =
  | { readonly is: 'done'; readonly id: number; readonly value: OpenedPlain | Uint8Array | undefined }
  | { readonly is: 'failed'; readonly id: number; readonly error: PlainError }
  | { readonly is: 'pin'; readonly id: number; readonly request: Omit<PinRequest, 'signal'> }
  | { readonly is: 'tried'; readonly tokenUri: string; readonly isRight: boolean }
  | { readonly is: 'news'; readonly event: TokenEvent; readonly error: PlainError | undefined }

/** What is told without a request of this side's. */
export type Told = Exclude<Answer, { is: 'done' | 'failed' }>

/** What is known of a key that was opened. */
export interface OpenedPlain {
  readonly certificate: Uint8Array
  readonly chain: readonly Uint8Array[]
  /** AlgorithmIdentifier in DER. */
  readonly algorithm: Uint8Array
  readonly uri: string
  readonly token: TokenInfo
  readonly module: string
  readonly warnings: readonly string[]
}

/** An error without its stack and causes. */
export interface PlainError {
  readonly name: string
  readonly message: string
  readonly code: string | undefined
  readonly hint: string | undefined
  readonly ckr: string | undefined
}
