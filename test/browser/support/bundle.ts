/** What a bundler makes of sealkit for a browser. */
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Rolldown } from 'vite'
import { root } from '../../support/tools.ts'

/** A file of the bundle. */
export interface BundleFile {
  readonly name: string
  readonly code: string
  /** Its modules, as paths from the project's root. */
  readonly modules: readonly string[]
  /** What it imports: other files of the bundle, and nothing else. */
  readonly imports: readonly string[]
  /** What it loads when it is needed. */
  readonly lazy: readonly string[]
}

/** Entry points of the bundle: what answers the tests' questions, and the loop that fetches their questions in a page. */
const entries = {
  answer: new URL('./answer.ts', import.meta.url),
  page: new URL('./page.ts', import.meta.url),
}

/** Bundles {@link entries} as a browser's users would: by vite, with its own defaults. */
export async function bundle(): Promise<readonly BundleFile[]> {
  const input = Object.entries(entries).map(([name, file]) => [name, fileURLToPath(file)])
  const result = await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: 'error',
    build: {
      write: false,
      modulePreload: false,
      reportCompressedSize: false,
      rolldownOptions: {
        input: Object.fromEntries(input),
        preserveEntrySignatures: 'strict',
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  })
  const { output } = result as Rolldown.RolldownOutput
  return output.map((file) => {
    if (file.type !== 'chunk') throw new TypeError(`${file.fileName} in a bundle of code alone`)
    return {
      name: file.fileName,
      code: file.code,
      modules: file.moduleIds.map((id) => relative(root, id.replace(/^\0/, ''))),
      imports: file.imports,
      lazy: file.dynamicImports,
    }
  })
}
