import { type ChildProcess, fork } from 'node:child_process'
import { Worker } from 'node:worker_threads'
import { TokenError } from '../../../src/errors.ts'
import { settleWithin } from '../key/abort.ts'
import { revived } from './errors.ts'
import type { Answer, Request, Told } from './messages.ts'

/** How long a thread may take to end, in milliseconds. */
const PATIENCE = 2_000

/** What a request may be answered with besides. */
export interface ChannelEvents {
  onAnswer(answer: Told): void
  /** The other side is gone. */
  onEnd(): void
}

interface Pending {
  readonly resolve: (value: never) => void
  readonly reject: (error: unknown) => void
}

/** Requests to the side of the module, in a thread or a process, and its answers. */
export class Channel {
  readonly #other: Worker | ChildProcess
  readonly #pending = new Map<number, Pending>()
  #next = 1
  #isOver = false

  constructor(kind: 'thread' | 'process', { onAnswer, onEnd }: ChannelEvents) {
    this.#other = start(kind)
    this.#other.on('message', (answer: Answer) => {
      if (answer.is === 'done' || answer.is === 'failed') this.#settle(answer)
      else onAnswer(answer)
    })
    const over = (): void => {
      if (this.#isOver) return
      this.#isOver = true
      for (const { reject } of this.#pending.values()) reject(new EndedError(kind))
      this.#pending.clear()
      onEnd()
    }
    this.#other.on('exit', over)
    this.#other.on('error', over)
    this.#keepAlive()
  }

  /** Asks, and waits for the answer. */
  async ask<T>(request: WithoutId<Request>, signal?: AbortSignal): Promise<T> {
    const id = this.#next++
    const onAbort = (): void => this.send({ do: 'abort', id })
    const answer = new Promise<T>((resolve, reject) => {
      this.#pending.set(id, { resolve, reject })
      this.#keepAlive()
      this.send({ ...request, id } as Request)
      signal?.addEventListener('abort', onAbort, { once: true })
    })
    try {
      return await answer
    } finally {
      signal?.removeEventListener('abort', onAbort)
      this.#keepAlive()
    }
  }

  send(request: Request): void {
    if (this.#isOver) return
    if (this.#other instanceof Worker) this.#other.postMessage(request)
    // Where the process has just ended, its exit tells.
    else this.#other.send(request, () => undefined)
  }

  #settle(answer: Extract<Answer, { is: 'done' | 'failed' }>): void {
    const waiting = this.#pending.get(answer.id)
    this.#pending.delete(answer.id)
    if (answer.is === 'done') waiting?.resolve(answer.value as never)
    else waiting?.reject(revived(answer.error))
  }

  /** The program lives on only for what is waited for. */
  #keepAlive(): void {
    const isWanted = this.#pending.size > 0
    const channel = this.#other instanceof Worker ? undefined : this.#other.channel
    for (const each of [this.#other, channel]) isWanted ? each?.ref() : each?.unref()
  }

  /** Ends the other side. A thread cannot be ended while the module does not answer. */
  async end(): Promise<void> {
    if (this.#isOver) return
    this.#other.ref()
    const over = new Promise<void>((resolve) => this.#other.once('exit', () => resolve()))
    if (this.#other instanceof Worker) void this.#other.terminate()
    else this.#other.kill('SIGKILL')
    await settleWithin(over, PATIENCE)
    this.#other.unref()
  }
}

/** A request before it has its number. */
type WithoutId<T> = T extends { readonly id: number } ? Omit<T, 'id'> : never

function start(kind: 'thread' | 'process'): Worker | ChildProcess {
  // This module's own kind of file: .js in the package.
  const host = new URL(import.meta.url.endsWith('.ts') ? './host.ts' : './host.js', import.meta.url)
  if (kind === 'thread') return new Worker(host, { execArgv: [] })
  return fork(host, [], { execArgv: [], serialization: 'advanced', stdio: ['ignore', 2, 2, 'ipc'] })
}

/** The other side has ended: unlike a token that is lost, it can be started again at once. */
export class EndedError extends TokenError {
  override name = 'TokenError'

  constructor(kind: 'thread' | 'process') {
    const hint = 'the module may have crashed: the next signature starts it anew'
    super('ERR_TOKEN_LOST', `the ${kind} of the module has ended`, { hint })
  }
}
