import { type Connections, type ConnectionsOptions, openConnections } from './connections.ts'
import { currentRequest } from './request-state.ts'
import { filesOf, stateOf } from './watched-files.ts'

/** Files are looked at no more often, in milliseconds. */
const LOOK_AGAIN = 1000
/** A request that is just going out on the old connections has found them by then. */
const GRACE = 5000

/** The connections by the files as they are now: new ones where a file has changed, while the old end in peace. */
export class CurrentConnections {
  readonly #options: ConnectionsOptions
  readonly #files: readonly string[]
  #current: Connections | undefined
  #looking: Promise<Connections> | undefined
  #state = ''
  #looked = Number.NEGATIVE_INFINITY
  readonly #old = new Set<Connections>()

  constructor(options: ConnectionsOptions) {
    const { ca, credential, proxy } = options
    const proxyCa = typeof proxy === 'object' ? [proxy.ca].flat() : []
    this.#options = options
    this.#files = filesOf([...ca, ...proxyCa, credential?.certificate, credential?.key])
  }

  /** What was opened last. */
  get last(): Connections | undefined {
    return this.#current
  }

  get(): Connections | Promise<Connections> {
    const isFresh = performance.now() - this.#looked < LOOK_AGAIN || this.#files.length === 0
    if (this.#current !== undefined && isFresh) return this.#current
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined
    })
    return this.#looking
  }

  /** Ends all of them; `at once` waits for no request. */
  async close(how: 'at once' | 'in peace'): Promise<void> {
    await this.#looking?.catch(() => {})
    const all = [...this.#old, ...(this.#current === undefined ? [] : [this.#current])]
    await Promise.all(all.map((each) => (how === 'at once' ? each.destroy() : each.agent.close())))
  }

  async #look(): Promise<Connections> {
    const state = await stateOf(this.#files)
    if (this.#current === undefined || state !== this.#state) await this.#open(state)
    this.#looked = performance.now()
    return this.#current as Connections
  }

  /** Files that cannot be read just now (half of a renewal) change nothing: they are looked at again. */
  async #open(state: string): Promise<void> {
    const old = this.#current
    try {
      this.#current = await openConnections(this.#options)
      this.#state = state
    } catch (error) {
      if (old === undefined) throw error
      const why = error instanceof Error ? error.message : String(error)
      currentRequest()?.tell('credential', `the changed files are not taken yet: ${why}`)
      return
    }
    if (old === undefined) return
    currentRequest()?.tell('credential', 'files have changed: new connections')
    this.#old.add(old)
    setTimeout(() => void this.#end(old), GRACE).unref()
  }

  async #end(old: Connections): Promise<void> {
    await old.agent.close().catch(() => {})
    this.#old.delete(old)
  }
}
