/** Streebog in WebAssembly and in JavaScript: RFC 6986, other implementations' vectors, OpenSSL, however it is cut. */
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { describeShared, describeWith, root, shared } from '../../support/tools.ts'
import { engineDigest } from './engine.ts'

type Module = typeof import('../../../src/algorithms/gost/streebog.ts')
type Name = 'Streebog-256' | 'Streebog-512'

interface Vector {
  hash: Name
  message: string
  digest: string
}

const lengthOf = { 'Streebog-256': 32, 'Streebog-512': 64 } as const
const NAMES = ['Streebog-256', 'Streebog-512'] as const
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const readJson = (path: string) => JSON.parse(readFileSync(path, 'utf8'))

/** As Node has it; TypeScript knows it in browsers only. */
const { WebAssembly } = globalThis as unknown as { WebAssembly: { Module: typeof Object; Instance: unknown } }
let modules = 0
class Counted extends WebAssembly.Module {
  constructor(bytes: unknown) {
    super(bytes)
    modules++
  }
}
class Forbidden {
  constructor() {
    throw new EvalError("Refused to compile WebAssembly: 'wasm-unsafe-eval' is not allowed")
  }
}

/** The module as it loads where WebAssembly is as given. It decides when the first hash is made. */
async function load(webAssembly: unknown): Promise<Module> {
  vi.resetModules()
  vi.stubGlobal('WebAssembly', webAssembly)
  const module = await import('../../../src/algorithms/gost/streebog.ts')
  module.streebog(32, new Uint8Array())
  vi.unstubAllGlobals()
  return module
}

afterEach(() => vi.unstubAllGlobals())

const withWasm = await load({ Module: Counted, Instance: WebAssembly.Instance })
const plain = await load(undefined)
const forbidden = await load({ Module: Forbidden })

describe.each([
  ['in WebAssembly', withWasm],
  ['in JavaScript', plain],
  ['where WebAssembly is forbidden', forbidden],
])('Streebog %s', (_, { streebog, Streebog }) => {
  const { vectors } = readJson(`${root}vectors/gost/rfc6986.json`) as {
    vectors: (Vector & { section: string })[]
  }
  it.each(vectors)('RFC 6986 section $section', ({ hash, message, digest }) => {
    expect(hex(streebog(lengthOf[hash], Buffer.from(message, 'hex')))).toBe(digest)
  })

  it.each(NAMES)('%s: the same for every way to cut a message in two, and byte by byte', (name) => {
    const message = randomBytes(200)
    const whole = hex(streebog(lengthOf[name], message))
    for (let at = 0; at <= message.length; at++) {
      const cut = new Streebog(lengthOf[name]).update(message.subarray(0, at)).update(message.subarray(at))
      expect(hex(cut.digest())).toBe(whole)
    }
    const running = new Streebog(lengthOf[name])
    for (const byte of message) running.update(Uint8Array.of(byte))
    expect(hex(running.digest())).toBe(whole)
  })

  it('runs several at a time', () => {
    const [a, b] = [randomBytes(300), randomBytes(300)]
    const [first, second] = [new Streebog(32), new Streebog(64)]
    for (let at = 0; at < 300; at += 50) {
      first.update(a.subarray(at, at + 50))
      second.update(b.subarray(at, at + 50))
    }
    expect(hex(first.digest())).toBe(hex(streebog(32, a)))
    expect(hex(second.digest())).toBe(hex(streebog(64, b)))
  })

  it('keeps no reference to the bytes it was given', () => {
    const bytes = Buffer.from('abc')
    const running = new Streebog(32).update(bytes)
    bytes.fill(0)
    expect(hex(running.digest())).toBe(hex(streebog(32, Buffer.from('abc'))))
  })

  it('gives its digest once', () => {
    const running = new Streebog(64)
    running.digest()
    expect(() => running.digest()).toThrow(TypeError)
    expect(() => running.update(Buffer.of(1))).toThrow(TypeError)
  })

  it('has no other lengths', () => {
    expect(() => new Streebog(48 as 32)).toThrow('length must be 32 or 64, got 48')
  })
})

describe('Streebog in both', () => {
  it('made one module of WebAssembly', () => expect(modules).toBe(1))

  it.each(NAMES)('%s: the same for all lengths to five blocks', (name) => {
    const message = randomBytes(320)
    for (let length = 0; length <= message.length; length++) {
      const part = message.subarray(0, length)
      expect(hex(plain.streebog(lengthOf[name], part))).toBe(hex(withWasm.streebog(lengthOf[name], part)))
    }
  })
})

describeShared('vectors of other implementations', () => {
  const read = (name: string) => readJson(shared('vectors', 'gost', name))
  const files: Record<string, Vector[]> = {
    Botan: read('botan-streebog.json').vectors,
    'gost-engine': read('gost-engine-streebog.json').hash,
    pygost: read('pygost-streebog.json').hash,
  }
  it.each(Object.entries(files))('%s', (_, vectors) => {
    expect(vectors.length).toBeGreaterThan(4)
    for (const { hash, message, digest } of vectors) {
      for (const { streebog } of [withWasm, plain]) {
        expect(hex(streebog(lengthOf[hash], Buffer.from(message, 'hex')))).toBe(digest)
      }
    }
  })

  it('HMAC with it', () => {
    const vectors = [...read('gost-engine-streebog.json').hmac, ...read('pygost-streebog.json').hmac]
    expect(vectors).toHaveLength(4)
    for (const { hash, key, message, mac } of vectors as (Vector & { key: string; mac: string })[]) {
      const bytes = [key, message].map((text) => Buffer.from(text, 'hex')) as [Buffer, Buffer]
      expect(hex(hmac(lengthOf[hash], ...bytes))).toBe(mac)
    }
  })
})

/** RFC 2104, with a key no longer than a block. */
function hmac(length: 32 | 64, key: Uint8Array, message: Uint8Array): Uint8Array {
  const padded = (value: number): Uint8Array =>
    Uint8Array.from({ length: 64 }, (_, i) => (key[i] ?? 0) ^ value)
  const inner = new withWasm.Streebog(length).update(padded(0x36)).update(message).digest()
  return new withWasm.Streebog(length).update(padded(0x5c)).update(inner).digest()
}

describeWith('gost-engine', 'Streebog beside OpenSSL', () => {
  const lengths = [0, 1, 55, 63, 64, 65, 127, 128, 129, 1000, 65_536, 100_003]
  const engineNames = { 'Streebog-256': 'md_gost12_256', 'Streebog-512': 'md_gost12_512' }
  const cases = NAMES.flatMap((name) => lengths.map((length) => [name, length] as const))

  it.each(cases)('%s of %i random bytes', (name, length) => {
    const message = randomBytes(length)
    const theirs = engineDigest(engineNames[name], message)
    for (const { streebog } of [withWasm, plain]) expect(hex(streebog(lengthOf[name], message))).toBe(theirs)
  })

  it.each([63, 64, 65, 128, 640, 64 * 300 + 63])('carries in the sum: %i bytes of all ones', (length) => {
    const message = new Uint8Array(length).fill(0xff)
    const theirs = engineDigest('md_gost12_512', message)
    for (const { streebog } of [withWasm, plain]) expect(hex(streebog(64, message))).toBe(theirs)
  })
})
