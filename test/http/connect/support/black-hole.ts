/** A port of Linux that loses what is sent to it: its queue is full, and nobody takes anything from it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

const LISTENER = `const server = require('node:net').createServer()
server.listen({ port: 0, host: process.argv[1], backlog: 1 }, () => console.log(server.address().port))`

export interface BlackHole extends AsyncDisposable {
  readonly port: number
}

export async function blackHole(host: string): Promise<BlackHole> {
  const child = spawn(process.execPath, ['-e', LISTENER, host], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const port = Number(String(line))
  child.kill('SIGSTOP')
  const filling: Socket[] = []
  // The queue takes one more than its length; the first that is still on its way after a while finds it full.
  while (filling.every((each) => !each.connecting) && filling.length < 20) {
    const socket = connect({ host, port })
    socket.on('error', () => {})
    filling.push(socket)
    await Promise.race([once(socket, 'connect'), new Promise((resolve) => setTimeout(resolve, 300))])
  }
  return {
    port,
    async [Symbol.asyncDispose]() {
      for (const socket of filling) socket.destroy()
      child.kill('SIGKILL')
      await once(child, 'close')
    },
  }
}
