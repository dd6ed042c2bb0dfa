// openapi-fetch with a client's own fetch. In TypeScript: createClient<paths>(...), with `paths` made of the API's
// description by openapi-typescript.
// usage: node openapi-fetch.mjs https://HOST USER CREDENTIAL.pem CA.pem
// The password is read from the file that PASSWORD_FILE names, when a login is needed.
import { readFile } from 'node:fs/promises'
import createClient from 'openapi-fetch'
import { clearstreamClient } from 'sealkit/auth'
import { createTransport } from 'sealkit/http'

const [url, username, certificate, ca] = process.argv.slice(2)
const password = async () => (await readFile(process.env.PASSWORD_FILE, 'utf8')).trimEnd()

const http = createTransport({ ca, credential: { certificate } })
const clearstream = clearstreamClient({ url, username, password, http })
const api = createClient({ baseUrl: url, fetch: clearstream.fetch })

const { data, error, response } = await api.GET('/playground/v1/echo', {
  params: { query: { value: 'hello' } },
})
if (error !== undefined) throw new Error(`the API answered ${response.status}`)
console.log(data.value)
await http.close()
