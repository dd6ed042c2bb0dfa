/** A server that wants a client certificate, in a process of its own: `{ cert, key, ca }` comes in, the port goes out. */
import { createServer } from 'node:https'
import { text } from 'node:stream/consumers'

const body = JSON.stringify({ info_str: 'Welcome', version: '1' })
const identity = JSON.parse(await text(process.stdin))
const server = createServer(
  { ...identity, requestCert: true, rejectUnauthorized: true },
  (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body)
  },
)
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`))
