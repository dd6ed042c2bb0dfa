import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runDemo } from './demo.ts'

/** `npm start`: credentials, tokens and calls of both platforms, against simulators. Summary on stdout, story on stderr. */
const folder = mkdtempSync(join(tmpdir(), 'sealkit-demo-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)
  process.on(signal, () => process.exit(code))

process.exitCode = await runDemo(folder)
