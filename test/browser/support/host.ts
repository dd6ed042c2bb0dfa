import type { Jobs } from './jobs.ts'

/** A place where the bundle runs. */
export interface Host {
  /** Runs one of the jobs there. What it throws is thrown here, with name, code and message. */
  run<Name extends keyof Jobs>(name: Name, ...args: Parameters<Jobs[Name]>): ReturnType<Jobs[Name]>
  /** Whatever went wrong there besides: messages of the console, refused requests, errors nobody caught. */
  readonly complaints: readonly string[]
  close(): Promise<void>
}

export interface Question {
  readonly id: number
  readonly name: string
  readonly args: readonly unknown[]
}

export type Answer = { readonly id: number } & (
  | { readonly value: unknown }
  | { readonly error: { readonly name: string; readonly message: string; readonly code: string | undefined } }
)

/** Questions under way: sends them, and hands their answers back to who asked. */
export class Questions {
  readonly #send: (question: Question) => void
  readonly #asked = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  #count = 0
  #failure: Error | undefined

  constructor(send: (question: Question) => void) {
    this.#send = send
  }

  ask<Name extends keyof Jobs>(name: Name, ...args: Parameters<Jobs[Name]>): ReturnType<Jobs[Name]> {
    const id = ++this.#count
    const answer = new Promise((resolve, reject) => {
      if (this.#failure !== undefined) return reject(this.#failure)
      this.#asked.set(id, { resolve, reject })
      this.#send({ id, name, args })
    })
    return answer as ReturnType<Jobs[Name]>
  }

  settle(answer: Answer): void {
    const asked = this.#asked.get(answer.id)
    this.#asked.delete(answer.id)
    if ('value' in answer) asked?.resolve(answer.value)
    else asked?.reject(Object.assign(new Error(), answer.error))
  }

  /** No answer will come any more. */
  fail(reason: string): void {
    this.#failure ??= new Error(reason)
    for (const { reject } of this.#asked.values()) reject(this.#failure)
    this.#asked.clear()
  }
}
