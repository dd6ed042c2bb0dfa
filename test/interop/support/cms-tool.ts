/** The Bouncy Castle process: compiled once, kept alive, spoken to by lines (see cms-tool/CmsTool.java). */
import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { bouncyCastleJars } from '../../support/tools.ts'
import { cachedFolder } from './cache.ts'
import { mustRun } from './run.ts'

const sources = fileURLToPath(new URL('./cms-tool', import.meta.url))

async function compile(): Promise<string> {
  const files = readdirSync(sources).map((name) => join(sources, name))
  const texts = files.map((file) => readFileSync(file, 'utf8'))
  return cachedFolder('cms-tool', texts, async (folder) => {
    const lint = '-Xlint:all,-path'
    await mustRun('javac', [lint, '-Werror', '-d', folder, '-cp', bouncyCastleJars.join(':'), ...files])
  })
}

export type Fields = readonly (readonly [name: string, value?: string | Uint8Array])[]

/** What Bouncy Castle threw. */
export class CmsToolError extends Error {
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

export class CmsTool implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #ended: Promise<unknown>
  /** Answers come in the order of the requests. */
  readonly #waiting: Waiting[] = []

  private constructor(child: ChildProcess) {
    this.#child = child
    this.#ended = new Promise((resolve) => child.on('close', resolve))
    child.on('error', (error) => this.#fail(error))
    child.on('close', (code) => this.#fail(new Error(`the Bouncy Castle process ended with ${code}`)))
    child.stdin?.on('error', (error) => this.#fail(error))
    if (child.stdout) createInterface({ input: child.stdout }).on('line', (line) => this.#answer(line))
  }

  static async start(): Promise<CmsTool> {
    const classes = await compile()
    const flags = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xmx512m']
    const args = [...flags, '-cp', [classes, ...bouncyCastleJars].join(':'), 'CmsTool']
    return new CmsTool(spawn('java', args, { stdio: ['pipe', 'pipe', 'inherit'] }))
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
    else reject?.(new CmsToolError(error.type, error.message))
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error)
  }
}
