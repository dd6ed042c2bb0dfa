/** A Java program that is compiled once, kept alive and spoken to by lines: see cms-tool/CmsTool.java. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { cachedFolder } from './cache.ts'
import { mustRun } from './run.ts'

/** What a tool is made of. */
export interface JavaProgram {
  /** Name of its folder of classes. */
  readonly name: string
  readonly main: string
  readonly sources: readonly string[]
  readonly jars: readonly string[]
}

export type Fields = readonly (readonly [name: string, value?: string | Uint8Array])[]

/** What the Java side threw. */
export class JavaToolError extends Error {
  readonly type: string

  constructor(type: string, message: string | null) {
    super(`${type}: ${message}`)
    this.type = type
  }
}

interface Waiting {
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
}

interface Answer {
  readonly result?: unknown
  readonly error?: { readonly type: string; readonly message: string | null }
}

async function compile({ name, sources, jars }: JavaProgram): Promise<string> {
  const texts = sources.map((file) => readFileSync(file, 'utf8'))
  return cachedFolder(name, texts, async (folder) => {
    const lint = '-Xlint:all,-path'
    const classPath = jars.length === 0 ? [] : ['-cp', jars.join(':')]
    await mustRun('javac', [lint, '-Werror', '-d', folder, ...classPath, ...sources])
  })
}

export class JavaTool implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #ended: Promise<unknown>
  /** Answers come in the order of the requests. */
  readonly #waiting: Waiting[] = []

  private constructor(name: string, child: ChildProcess) {
    this.#child = child
    this.#ended = new Promise((resolve) => child.on('close', resolve))
    child.on('error', (error) => this.#fail(error))
    child.on('close', (code) => this.#fail(new Error(`the process of ${name} ended with ${code}`)))
    child.stdin?.on('error', (error) => this.#fail(error))
    if (child.stdout) createInterface({ input: child.stdout }).on('line', (line) => this.#answer(line))
  }

  static async start(program: JavaProgram): Promise<JavaTool> {
    const classes = await compile(program)
    const flags = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xmx512m']
    const args = [...flags, '-cp', [classes, ...program.jars].join(':'), program.main]
    return new JavaTool(program.name, spawn('java', args, { stdio: ['pipe', 'pipe', 'inherit'] }))
  }

  /** One request. A field without a value is a flag. */
  request(command: string, fields: Fields = []): Promise<unknown> {
    const words = fields.map(([name, value = '']) => `${name}=${Buffer.from(value).toString('base64')}`)
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      this.#child.stdin?.write(`${[command, ...words].join(' ')}\n`)
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.stdin?.end()
    await this.#ended
  }

  #answer(line: string): void {
    const { resolve, reject } = this.#waiting.shift() ?? {}
    const { result, error } = JSON.parse(line) as Answer
    if (error === undefined) resolve?.(result)
    else reject?.(new JavaToolError(error.type, error.message))
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error)
  }
}
