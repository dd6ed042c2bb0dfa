import { Listeners } from '../key/listeners.ts'
import { checkWrongPins } from '../token/login.ts'
import { type Pin, PinSource } from '../token/pin.ts'
import { countTry } from '../token/wrong-pins.ts'
import { Channel } from './channel.ts'
import { plainError, revived } from './errors.ts'
import type { OpenedPlain, PlainOptions, Told } from './messages.ts'

/** The side of the module, started again when it has ended. */
export class ModuleSide {
  readonly listeners = new Listeners()
  readonly #kind: 'thread' | 'process'
  /** After the first opening those of the very key and certificate that were found. */
  #options: PlainOptions
  readonly #pins: PinSource
  /** Of the first opening; later ones are several callers'. */
  #signal: AbortSignal | undefined
  #channel: Channel | undefined
  #opening: Promise<OpenedPlain> | undefined
  #uri = ''

  constructor(
    kind: 'thread' | 'process',
    options: PlainOptions,
    pin: Pin | undefined,
    signal: AbortSignal | undefined,
  ) {
    this.#kind = kind
    this.#options = options
    this.#pins = new PinSource(pin)
    this.#signal = signal
  }

  /** Opens the key, where it is not open. */
  async open(): Promise<OpenedPlain> {
    this.#opening ??= this.#open()
    return await this.#opening
  }

  async #open(): Promise<OpenedPlain> {
    const channel = new Channel(this.#kind, {
      onAnswer: (answer) => void this.#onAnswer(channel, answer),
      onEnd: () => this.#forget(channel),
    })
    this.#channel = channel
    try {
      const opened = await channel.ask<OpenedPlain>({ do: 'open', options: this.#options }, this.#signal)
      this.#uri = opened.uri
      this.#signal = undefined
      const { uri: key, module, certificate, chain } = opened
      this.#options = { ...this.#options, key, module, certificate: [certificate], chain }
      return opened
    } catch (error) {
      this.#forget(channel)
      await channel.end()
      throw error
    }
  }

  async sign(data: Uint8Array, signal: AbortSignal | undefined): Promise<Uint8Array> {
    await this.open()
    return await (this.#channel as Channel).ask<Uint8Array>({ do: 'sign', data }, signal)
  }

  async close(): Promise<void> {
    await this.#channel?.ask({ do: 'close' }).catch(() => undefined)
  }

  async end(): Promise<void> {
    await this.#channel?.end()
  }

  #forget(channel: Channel): void {
    if (this.#channel !== channel) return
    this.#channel = undefined
    this.#opening = undefined
  }

  async #onAnswer(channel: Channel, answer: Told): Promise<void> {
    if (answer.is === 'tried') return countTry(answer.tokenUri, answer.isRight)
    if (answer.is === 'news') {
      const { event, error } = answer
      this.listeners.tell(event, {
        uri: this.#uri,
        ...(error === undefined ? {} : { reason: revived(error) }),
      })
      return
    }
    const { id, request } = answer
    try {
      if (this.#options.useFinalTry !== true) checkWrongPins(request.token, request.tokenUri)
      channel.send({ do: 'pin', id, pin: await this.#pins.ask({ ...request, signal: this.#signal }) })
    } catch (error) {
      channel.send({ do: 'pin', id, error: plainError(error) })
    }
  }
}
