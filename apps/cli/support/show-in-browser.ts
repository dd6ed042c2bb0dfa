import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Has the user's browser open an address. Other users see what a program is started with, so it is started with a
 * private file that leads there.
 *
 * @returns disposing removes the file
 */
export function showInBrowser(address: string, failed: (why: string) => void): Disposable {
  const folder = mkdtempSync(join(tmpdir(), 'sealkit-support-'))
  const file = join(folder, 'open.html')
  const head = `<meta http-equiv="refresh" content="0; url=${address}"><title>sealkit support</title>`
  writeFileSync(file, `<!doctype html>${head}<a href="${address}">sealkit support</a>\n`, { mode: 0o600 })
  const [program, ...args] = openers[process.platform] ?? ['xdg-open']
  const child = spawn(program, [...args, file], { stdio: 'ignore', detached: true })
  child.on('error', () => failed(`no browser could be started (${program}): open the address yourself`))
  child.unref()
  return { [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
}

const openers: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  win32: ['explorer.exe'],
}
