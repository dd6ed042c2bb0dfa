/** Requests over connections that are kept, in a process of its own: `{ port, connections, requests }` comes in, times go out. */
import { connect } from 'node:net'

process.on('message', async ({ port, connections, requests }) => {
  let left = requests
  const times = []
  const began = performance.now()
  await Promise.all(Array.from({ length: connections }, () => caller(port, () => left-- > 0, times)))
  const seconds = (performance.now() - began) / 1000
  times.sort((a, b) => a - b)
  const at = (part) => times[Math.min(times.length - 1, Math.floor(times.length * part))] / 1000
  process.send({ seconds: seconds / requests, median: at(0.5), most: at(0.99) })
})
process.on('disconnect', () => process.exit())

function caller(port, isMore, times) {
  return new Promise((resolve, reject) => {
    const request = `GET /playground/v1/info HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`
    let text = ''
    let began = 0
    const ask = () => {
      if (!isMore()) return socket.end()
      began = performance.now()
      return socket.write(request)
    }
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, ask)
    socket.setEncoding('latin1')
    socket.on('data', (chunk) => {
      text += chunk
      const head = text.indexOf('\r\n\r\n')
      const [, length] = /^content-length: (\d+)/im.exec(text) ?? []
      if (head < 0 || text.length < head + 4 + Number(length)) return
      if (!text.startsWith('HTTP/1.1 200')) reject(new Error(text))
      text = ''
      times.push(performance.now() - began)
      ask()
    })
    socket.on('error', reject)
    socket.on('close', resolve)
  })
}
