// @ts-check
/** Callers at once, each with a connection of its own; each request has a path and a value of its own, said back. */
import { connect } from 'node:net'

const [url = '', callers = '', requests = ''] = process.argv.slice(2)
const { hostname, port } = new URL(url)
const most = Number(requests)
/** @type {string[]} */
const wrong = []
let [next, good, atOnce, mostAtOnce] = [0, 0, 0, 0]

function caller() {
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname)
    let [text, path, value] = ['', '', '']
    const ask = () => {
      if (next === most) {
        socket.end()
        return
      }
      const n = next++
      ;[path, value] = [`/${n}?q=${n * 7}`, `value-${n}`]
      socket.write(`GET ${path} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nX-Value: ${value}\r\n\r\n`)
      mostAtOnce = Math.max(mostAtOnce, ++atOnce)
    }
    socket.setEncoding('latin1')
    socket.on('connect', ask)
    socket.on('data', (chunk) => {
      text += chunk
      const head = text.indexOf('\r\n\r\n')
      const length = Number(/^content-length: (\d+)/im.exec(text)?.[1])
      if (head < 0 || !(text.length >= head + 4 + length)) return
      const isGood =
        text.startsWith('HTTP/1.1 200 OK\r\n') &&
        text.includes(`\r\nx-value: ${value}\r\n`) &&
        text.slice(head + 4) === `${path} ${value}`
      if (isGood) good++
      else wrong.push(`${path}: ${text}`)
      text = ''
      atOnce--
      ask()
    })
    socket.on('error', (error) => wrong.push(String(error)))
    socket.on('close', resolve)
  })
}

await Promise.all(Array.from({ length: Number(callers) }, caller))
process.stdout.write(JSON.stringify({ good, mostAtOnce, wrong: wrong.slice(0, 5) }))
