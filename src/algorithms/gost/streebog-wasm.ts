import type { Compress } from './streebog-compress.ts'
import { OFFSETS, streebogModule } from './streebog-module.ts'
import { fillTables } from './streebog-tables.ts'

/**
 * The compression function in WebAssembly, which has words of 64 bits and is several times as fast.
 *
 * @returns undefined where there is no WebAssembly or it is forbidden, as by a Content-Security-Policy without
 * `wasm-unsafe-eval`
 */
export function wasmCompress(): Compress | undefined {
  const exports = instantiate()
  if (exports === undefined) return undefined
  const { memory, compress } = exports
  fillMemory(memory)
  const words = new Int32Array(memory.buffer, OFFSETS.variables, 48)
  return (h, n, m) => {
    for (let i = 0; i < 16; i++) {
      words[i] = h[i] as number
      words[i + 16] = n[i] as number
      words[i + 32] = m[i] as number
    }
    compress()
    // The block does not stay behind here, where nobody would wipe it.
    for (let i = 0; i < 16; i++) {
      h[i] = words[i] as number
      words[i + 32] = 0
    }
  }
}

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer }
  compress(): void
}

/** What is used of the global, which TypeScript knows as part of a browser only. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: unknown }
}

function instantiate(): Exports | undefined {
  const { WebAssembly } = globalThis as { WebAssembly?: WebAssemblyApi }
  // Its memory has the lowest byte first; views of it are as the machine is.
  const isLittleEndian = new Uint8Array(Int32Array.of(1).buffer)[0] === 1
  if (WebAssembly === undefined || !isLittleEndian) return undefined
  try {
    return new WebAssembly.Instance(new WebAssembly.Module(streebogModule())).exports as Exports
  } catch {
    return undefined
  }
}

/** Each word of 64 bits takes a low and a high half. */
function fillMemory({ buffer }: Exports['memory']): void {
  const low = new Int32Array(8 * 256)
  const high = new Int32Array(8 * 256)
  const { table, constants } = OFFSETS
  fillTables(low, high, new Int32Array(buffer, constants, 12 * 16))
  const words = new Int32Array(buffer, table, 2 * low.length)
  for (let i = 0; i < low.length; i++) {
    words[2 * i] = low[i] as number
    words[2 * i + 1] = high[i] as number
  }
}
