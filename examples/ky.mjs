// ky with a client's own fetch: its hooks, its JSON and its time limit, our token and transport.
// usage: node ky.mjs https://HOST USER CREDENTIAL.pem CA.pem
// The password is read from the file that PASSWORD_FILE names, when a login is needed.
import { readFile } from 'node:fs/promises'
import ky from 'ky'
import { clearstreamClient } from 'sealkit/auth'
import { createTransport } from 'sealkit/http'

const [url, username, certificate, ca] = process.argv.slice(2)
const password = async () => (await readFile(process.env.PASSWORD_FILE, 'utf8')).trimEnd()

const http = createTransport({ ca, credential: { certificate } })
const clearstream = clearstreamClient({ url, username, password, http })
// The transport tries again where that is safe: ky need not.
const api = ky.create({ prefixUrl: url, fetch: clearstream.fetch, retry: 0, timeout: 30_000 })

const { value } = await api.get('playground/v1/echo', { searchParams: { value: 'hello' } }).json()
console.log(value)
await http.close()
