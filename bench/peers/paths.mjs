/** Path validation of others, each as its users do it. */
// @peculiar/x509 does not load without it.
import 'reflect-metadata'
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as x509 from '@peculiar/x509'
import forge from 'node-forge'
import * as pkijs from 'pkijs'
import { folder } from '../keys.mjs'

/** pkijs: its engine; it checks neither the name nor the purpose. */
export const pkijsPath = {
  parse: (pem) => pkijs.Certificate.fromBER(bytesOf(pem)),
  async validate({ leaf, intermediates, root, time }) {
    const engine = new pkijs.CertificateChainValidationEngine({
      trustedCerts: [root],
      certs: [...intermediates, leaf],
      checkDate: time,
    })
    const { result, resultMessage } = await engine.verify()
    if (!result) throw new Error(`pkijs refuses the path: ${resultMessage}`)
  },
}

/** node-forge wants the chain in order. */
export const forgePath = {
  parse: (pem) => forge.pki.certificateFromPem(pem),
  validate({ leaf, intermediates, root, time }) {
    const store = forge.pki.createCaStore([root])
    const chain = [leaf, ...intermediates, root]
    if (!forge.pki.verifyCertificateChain(store, chain, { validityCheckDate: time })) {
      throw new Error('forge refuses the path')
    }
  },
}

/** @peculiar/x509 builds the chain and checks its signatures, no more. */
export const peculiarPath = {
  parse: (pem) => new x509.X509Certificate(pem),
  async validate({ leaf, intermediates, root }) {
    const builder = new x509.X509ChainBuilder({ certificates: [...intermediates, root] })
    const chain = await builder.build(leaf)
    if (chain.length !== 3) throw new Error('@peculiar/x509 finds no path')
  },
}

/** `openssl verify` in a process of its own, from files. */
export function opensslPath({ leaf, intermediate, root, time }) {
  const file = (name, certificate) => {
    const path = join(folder, name)
    writeFileSync(path, certificate.toPem())
    return path
  }
  const paths = [file('leaf.pem', leaf), file('intermediate.pem', intermediate), file('root.pem', root)]
  const args = ['verify', '-attime', String(Math.floor(time / 1000)), '-purpose', 'sslserver']
  args.push('-CAfile', paths[2], '-untrusted', paths[1], paths[0])
  return () => execFileSync('openssl', args, { stdio: 'ignore' })
}

function bytesOf(pem) {
  return Uint8Array.from(Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64'))
}
