// Signs what comes on stdin, byte for byte, and prints the base64 CMS signature without line ends.
// usage: node sign-token.mjs KEY.pem CERT.pem < token.txt
// An encrypted key's password is read from the file that KEY_PASSWORD_FILE names.
import { readFile } from 'node:fs/promises'
import { cmsSigner } from 'sealkit'
import { openSoftwareKey } from 'sealkit/providers/software'

const [key, certificate] = process.argv.slice(2)
const password = async () => (await readFile(process.env.KEY_PASSWORD_FILE, 'utf8')).trimEnd()

const signer = cmsSigner(await openSoftwareKey({ key, certificate, password }))
const signature = await signer.signDetached(process.stdin)
process.stdout.write(signature.base64())
await signer[Symbol.asyncDispose]()
