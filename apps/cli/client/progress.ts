import type { Output } from '../output.ts'

/** What takes longer is announced, and then how long it takes. */
const PATIENCE_MS = 1000
const CLEAR = '\r\x1b[K'

/** A line at the bottom of the terminal that says what is waited for; nothing where stderr is none. */
export class Progress implements Disposable {
  readonly #isOn = process.stderr.isTTY === true && process.env['TERM'] !== 'dumb'
  #what = ''
  #since = 0
  #timer: NodeJS.Timeout | undefined
  #isShown = false

  /** From now on this is waited for: `waiting for a token`. */
  start(what: string): void {
    if (!this.#isOn) return
    this.stop()
    this.#what = what
    this.#since = Date.now()
    this.#timer = setInterval(() => this.#show(), PATIENCE_MS).unref()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    this.clear()
  }

  /** Makes room for other lines; the next tick shows it again. */
  clear(): void {
    if (this.#isShown) process.stderr.write(CLEAR)
    this.#isShown = false
  }

  /** The same output, which makes room first. */
  over(output: Output): Output {
    const first =
      <A extends unknown[], R>(write: (...args: A) => R) =>
      (...args: A): R => {
        this.clear()
        return write(...args)
      }
    return { ...output, data: first(output.data), json: first(output.json), say: first(output.say) }
  }

  [Symbol.dispose](): void {
    this.stop()
  }

  #show(): void {
    const seconds = Math.round((Date.now() - this.#since) / 1000)
    process.stderr.write(`${CLEAR}${this.#what} ... ${seconds} s`)
    this.#isShown = true
  }
}
