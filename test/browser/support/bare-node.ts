import { fork } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { tempDir } from '../../support/tools.ts'
import type { BundleFile } from './bundle.ts'
import { type Answer, type Host, Questions } from './host.ts'

const program = fileURLToPath(new URL('bare-node.mjs', import.meta.url))

/** The same bundle in a Node without Node's own: quick, and needs no browser. */
export async function openBareNode(files: readonly BundleFile[]): Promise<Host> {
  const folder = tempDir()
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  for (const { name, code } of files) writeFileSync(join(folder, name), code)

  const child = fork(program, [join(folder, 'answer.js')], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // That WebCrypto knows Ed25519 is experimental in Node 20, and is said.
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  const questions = new Questions((question) => child.send(question))
  const complaints: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (lines: string) => complaints.push(...lines.trimEnd().split('\n')))
  }
  const gone = once(child, 'close').then(([status]) => {
    questions.fail(`node ended with ${status}: ${complaints.join('\n')}`)
  })
  child.on('message', (answer: Answer) => questions.settle(answer))
  return {
    run: (name, ...args) => questions.ask(name, ...args),
    complaints,
    async close() {
      child.kill()
      await gone
    },
  }
}
