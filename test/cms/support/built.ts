/** src/ as JavaScript, for tests that run a plain Node process: bounded memory, another process. */
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { cachedFolder } from '../../interop/support/cache.ts'
import { root } from '../../support/tools.ts'

/** The folder that `src/` was built into; made once for the same sources. */
export async function built(): Promise<string> {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  )
  const sources = files.sort().map((name) => name + readFileSync(join(root, 'src', name), 'utf8'))
  // Beside node_modules, so that dependencies are found.
  return await cachedFolder('built', sources, async (folder) => {
    const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')
    const options = ['--noCheck', '--declaration', 'false', '--outDir', folder]
    const { status, output } = await runNode([tsc, '-p', join(root, 'tsconfig.build.json'), ...options])
    if (status !== 0) throw new Error(output)
  })
}

/** Runs `node`; standard output and error together. */
export function runNode(
  args: readonly string[],
  input = '',
): Promise<{ status: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: 'pipe' })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
    child.on('error', reject)
    child.on('close', (status) => resolve({ status, output }))
    child.stdin.end(input)
  })
}
