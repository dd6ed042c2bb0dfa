/** Starts `count` openssl processes at once when told so, and answers how long one of them took. */
import { spawn } from 'node:child_process'

process.on('message', async ({ args, count }) => {
  const start = performance.now()
  const statuses = await Promise.all(Array.from({ length: count }, () => run(args)))
  const seconds = (performance.now() - start) / 1000 / count
  process.send({ seconds, failed: statuses.some((status) => status !== 0) })
})

function run(args) {
  return new Promise((resolve) => {
    const child = spawn('openssl', args, { stdio: ['ignore', 'pipe', 'ignore'] })
    child.stdout.resume()
    child.on('error', () => resolve(127))
    child.on('close', resolve)
  })
}
