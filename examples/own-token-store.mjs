// A TokenStore of one's own: tokens in a database that all machines share. Here the "database" is played by a Map; a
// real one would keep `text` encrypted, and hold the lock by `select ... for update` or an advisory lock.
// usage: node own-token-store.mjs https://HOST USER CREDENTIAL.pem CA.pem
// The password is read from the file that PASSWORD_FILE names, when a login is needed.
import { readFile } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import { clearstreamClient } from 'sealkit/auth'
import { createTransport } from 'sealkit/http'

const rows = new Map()
const locks = new Set()

/** @type {import('sealkit/auth').TokenStore} */
const store = {
  async read(id) {
    const text = rows.get(id)
    return text && JSON.parse(text)
  },
  async write(id, entry) {
    rows.set(id, JSON.stringify(entry))
  },
  async remove(id) {
    return rows.delete(id)
  },
  async list() {
    return [...rows.values()].map((text) => JSON.parse(text))
  },
  async withLock(id, action, { signal } = {}) {
    signal?.throwIfAborted()
    while (locks.has(id)) await setTimeout(10, undefined, { signal })
    locks.add(id)
    try {
      return await action()
    } finally {
      locks.delete(id)
    }
  },
}

const [url, username, certificate, ca] = process.argv.slice(2)
const password = async () => (await readFile(process.env.PASSWORD_FILE, 'utf8')).trimEnd()
const http = createTransport({ ca, credential: { certificate } })

// Two clients, as in two processes: what one has got the other finds.
const clients = [1, 2].map(() => clearstreamClient({ url, username, password, http, store }))
const tokens = await Promise.all(clients.map((client) => client.token()))
console.log(`${tokens.length} clients, ${new Set(tokens.map((token) => token.accessToken)).size} token`)
await http.close()
