/** `lost`: the token is gone; `back`: it was found again. */
export type TokenEvent = 'lost' | 'back'

/** What a listener is told. */
export interface TokenNews {
  /** The key. */
  readonly uri: string
  /** Of `lost`: why. */
  readonly reason?: unknown
}

/** Called with the news; what it throws is not caught by the signature that brought them. */
export type TokenListener = (news: TokenNews) => void

/** Who listens to a key. */
export class Listeners {
  readonly #listeners = new Map<TokenEvent, Set<TokenListener>>()

  add(event: TokenEvent, listener: TokenListener): () => void {
    if (event !== 'lost' && event !== 'back') throw new TypeError(`event must be lost or back, got ${event}`)
    if (typeof listener !== 'function') throw new TypeError('listener must be a function')
    const set = this.#listeners.get(event) ?? new Set()
    this.#listeners.set(event, set)
    set.add(listener)
    return () => {
      set.delete(listener)
    }
  }

  /** In a turn of their own: a listener's error must not become a signature's. */
  tell(event: TokenEvent, news: TokenNews): void {
    for (const listener of this.#listeners.get(event) ?? []) setImmediate(() => listener(news))
  }

  clear(): void {
    this.#listeners.clear()
  }
}
