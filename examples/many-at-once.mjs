// One signer, many requests at once, five seconds for each. Signatures in flight use all cores.
// usage: node many-at-once.mjs KEY.pem CERT.pem
import { cmsSigner } from 'sealkit'
import { openSoftwareKey } from 'sealkit/providers/software'

const [key, certificate] = process.argv.slice(2)
const signer = cmsSigner(await openSoftwareKey({ key, certificate }))
const tokens = Array.from({ length: 100 }, (_, i) => `token ${i}`)
const signatures = await Promise.all(
  tokens.map((token) => signer.signDetached(token, { signal: AbortSignal.timeout(5000) })),
)
console.log(`${signatures.length} signatures, ${new Set(signatures.map((s) => s.base64())).size} different`)
await signer[Symbol.asyncDispose]()
