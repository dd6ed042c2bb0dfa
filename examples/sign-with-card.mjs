// Signs what comes on stdin with a key in a smart card, a USB token or an HSM; says when the card is pulled and back.
// usage: node sign-with-card.mjs "pkcs11:token=Trader;object=signing" < token.txt
// The PIN is read from the file that PIN_FILE names, whenever the card asks for it.
import { readFile } from 'node:fs/promises'
import { cmsSigner } from 'sealkit'
import { openPkcs11Key } from 'sealkit/providers/pkcs11'

const [uri] = process.argv.slice(2)
const pin = async () => (await readFile(process.env.PIN_FILE, 'utf8')).trimEnd()

const key = await openPkcs11Key({ key: uri, pin })
key.on('lost', ({ reason }) => console.error(`the card is gone: ${reason.message}`))
key.on('back', () => console.error('the card is back'))
console.error(`${key}`)

const signer = cmsSigner(key)
const signature = await signer.signDetached(process.stdin)
process.stdout.write(signature.base64())
await signer[Symbol.asyncDispose]()
