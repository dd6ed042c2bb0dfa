/** The two compression functions of Streebog do the same, and the module is what all engines take. */
import { randomBytes } from 'node:crypto'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Compress, plainCompress } from '../../../src/algorithms/gost/streebog-compress.ts'
import { streebogModule } from '../../../src/algorithms/gost/streebog-module.ts'
import { wasmCompress } from '../../../src/algorithms/gost/streebog-wasm.ts'

const wasm = wasmCompress() as Compress
const plain = plainCompress()

describe('compression functions of Streebog', () => {
  it('are the same on random input', () => {
    for (let i = 0; i < 500; i++) {
      const [h, n, m] = [0, 1, 2].map(() => new Int32Array(Uint8Array.from(randomBytes(64)).buffer)) as [
        Int32Array,
        Int32Array,
        Int32Array,
      ]
      const other = h.slice()
      const before = [n.slice(), m.slice()]
      wasm(h, n, m)
      plain(other, n, m)
      expect(h).toEqual(other)
      expect([n, m]).toEqual(before)
    }
  })

  it('take h that is n or m, too', () => {
    const a = new Int32Array(16).fill(7)
    const b = a.slice()
    wasm(a, a, a)
    plain(b, b.slice(), b.slice())
    expect(a).toEqual(b)
  })
})

describe('the WebAssembly module', () => {
  afterEach(() => vi.unstubAllGlobals())

  it('is valid, and small enough for the main thread of older Chromiums (4 KiB)', () => {
    // As Node has it; TypeScript knows it in browsers only.
    const { WebAssembly } = globalThis as unknown as { WebAssembly: { validate(bytes: Uint8Array): boolean } }
    expect(WebAssembly.validate(streebogModule())).toBe(true)
    expect(streebogModule().length).toBeLessThanOrEqual(4096)
  })

  it('is not used where there is no WebAssembly', () => {
    vi.stubGlobal('WebAssembly', undefined)
    expect(wasmCompress()).toBeUndefined()
  })

  it('is not used where it is forbidden', () => {
    class Module {
      constructor() {
        throw new EvalError('forbidden')
      }
    }
    vi.stubGlobal('WebAssembly', { Module })
    expect(wasmCompress()).toBeUndefined()
  })
})
