/**
 * Reads PKCS#12 files in a process of its own and says what each came to and cost:
 *   node read-all.mjs <built src folder> < [[path, password or null], ...]
 * Prints JSON: `files` with the processor's milliseconds of each, `grown` by how many bytes the process's memory
 * grew at its peak beyond what one ordinary file takes.
 */
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

const [folder] = process.argv.slice(2)
const { readPkcs12 } = await import(pathToFileURL(`${folder}/credentials/pkcs12/read-pkcs12.js`).href)
const [ordinary, ...others] = JSON.parse(readFileSync(0, 'utf8'))

/** On Linux maxRSS counts the parent's memory too, from the moment between fork and exec; VmHWM does not. */
function peak() {
  try {
    const own = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
    if (own !== undefined) return Number(own) * 1024
  } catch {}
  return process.resourceUsage().maxRSS * 1024
}

async function read([path, password]) {
  const before = process.cpuUsage()
  const options = { password: password ?? undefined, allowMissingMac: true }
  const outcome = await readPkcs12(new Uint8Array(readFileSync(path)), options).then(
    () => 'opened',
    ({ name, code }) => code ?? name,
  )
  const { user, system } = process.cpuUsage(before)
  return { path, outcome, milliseconds: (user + system) / 1000 }
}

// What is loaded and compiled at first use is not the files'.
await read(ordinary)
const before = peak()
const files = []
for (const file of others) files.push(await read(file))
process.stdout.write(JSON.stringify({ files, grown: peak() - before }))
