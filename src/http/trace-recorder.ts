import type { Trace, TraceEvent } from './trace.ts'
import { formatTraceEvent } from './trace-format.ts'

/**
 * Keeps the events of transports, the last ones where they become too many: memory stays bounded.
 *
 * @example
 * ```ts
 * import { createTransport, TraceRecorder } from 'sealkit/http'
 * const recorder = new TraceRecorder()
 * await using http = createTransport({ ca: 'system', trace: recorder.trace })
 * await http.fetch('https://api.clearstream.com/').catch(() => undefined)
 * console.log(recorder.text())
 * ```
 */
export class TraceRecorder {
  /** Give this to transports. */
  readonly trace: Trace = (event) => this.#add(event)
  readonly #mostCharacters: number
  readonly #kept: TraceEvent[] = []
  #characters = 0
  #left = 0

  /** @param options `mostCharacters`: what is kept of all events' lines; default 4 Mi characters */
  constructor(options: { mostCharacters?: number | undefined } = {}) {
    const { mostCharacters = 4 * 1024 * 1024 } = options
    if (!Number.isSafeInteger(mostCharacters) || mostCharacters < 1)
      throw new TypeError('mostCharacters must be a whole number above 0')
    this.#mostCharacters = mostCharacters
  }

  /** What is kept, the oldest first. */
  get events(): readonly TraceEvent[] {
    return this.#kept.slice()
  }

  /** How many events, the oldest ones, were given up. */
  get left(): number {
    return this.#left
  }

  /** All events as curl shows them, each with its time in UTC and the number of its request, with a line end. */
  text(): string {
    const gap = this.#left === 0 ? '' : `(${this.#left} earlier events are not kept)\n`
    return gap + this.#kept.map((event) => `${timed(event)}\n`).join('')
  }

  #add(event: TraceEvent): void {
    const kept = { ...event, lines: shortened(event.lines, this.#mostCharacters) }
    this.#kept.push(kept)
    this.#characters += size(kept)
    while (this.#characters > this.#mostCharacters && this.#kept.length > 1) {
      const oldest = this.#kept.shift()
      if (oldest !== undefined) this.#characters -= size(oldest)
      this.#left++
    }
  }
}

/** Each event costs some memory beside its lines. */
const OVERHEAD = 100

function size({ lines }: TraceEvent): number {
  return lines.reduce((sum, line) => sum + line.length + 1, OVERHEAD)
}

function shortened(lines: readonly string[], most: number): string[] {
  const kept: string[] = []
  let characters = 0
  for (const line of lines) {
    if (characters + line.length > most) {
      kept.push(`[${lines.length - kept.length} more lines]`)
      break
    }
    characters += line.length + 1
    kept.push(line)
  }
  return kept
}

function timed(event: TraceEvent): string {
  const [first = '', ...further] = formatTraceEvent(event).split('\n')
  const head = `${event.time.toISOString()} #${event.request} `
  return [head + first, ...further.map((line) => ' '.repeat(head.length) + line)].join('\n')
}
