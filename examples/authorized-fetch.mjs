// Calls an API with plain fetch: the token is asked for, kept in a file for other processes, renewed, and sent along.
// usage: node authorized-fetch.mjs https://HOST USER CREDENTIAL.pem CA.pem
// The password is read from the file that PASSWORD_FILE names, when a login is needed.
import { readFile } from 'node:fs/promises'
import { authorizedFetch, clearstreamClient, fileTokenStore } from 'sealkit/auth'
import { createTransport } from 'sealkit/http'

const [url, username, certificate, ca] = process.argv.slice(2)
const password = async () => (await readFile(process.env.PASSWORD_FILE, 'utf8')).trimEnd()
const onWarning = (warning) => console.error(warning)

const http = createTransport({ ca, credential: { certificate } })
const store = fileTokenStore({ onWarning })
const { tokens } = clearstreamClient({ url, username, password, http, store, onWarning })
// The token goes to these origins and nowhere else.
const api = authorizedFetch(tokens, { fetch: http.fetch, origins: [url] })

const response = await api(`${url}/playground/v1/echo?value=hello`, { signal: AbortSignal.timeout(30_000) })
if (!response.ok) throw new Error(`the API answered ${response.status}`)
console.log((await response.json()).value)
await http.close()
