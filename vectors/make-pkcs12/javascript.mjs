// Files of node-forge and pkijs. Environment: out, pki, test, cyrillic.
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import * as asn1js from 'asn1js'
import forge from 'node-forge'
import * as pkijs from 'pkijs'

const { out, pki, test, cyrillic } = process.env
const pem = (name) => readFileSync(`${pki}/${name}`, 'utf8')
const names = (leaf) => [leaf, 'intermediate', 'root']

function byForge(file, leaf, options) {
  // One signed by its own RSA key: forge reads no certificate with an EC key, and alters one signed by an EC key.
  const certificates = [pem(`${leaf}.crt`)]
  const key = forge.pki.privateKeyFromPem(pem(`${leaf}.key`))
  const pfx = forge.pkcs12.toPkcs12Asn1(key, certificates, test, { count: 2048, friendlyName: leaf, ...options })
  writeFileSync(`${out}/${file}`, Buffer.from(forge.asn1.toDer(pfx).getBytes(), 'binary'))
}

const buffer = (bytes) => new Uint8Array(bytes).slice().buffer

async function byPkijs(file, leaf, password) {
  const key = createPrivateKey(pem(`${leaf}.key`)).export({ format: 'der', type: 'pkcs8' })
  const localKeyId = new pkijs.Attribute({ type: '1.2.840.113549.1.9.21', values: [new asn1js.OctetString({ valueHex: buffer([1]) })] })
  const keyBag = new pkijs.SafeBag({
    bagId: '1.2.840.113549.1.12.10.1.2',
    bagValue: new pkijs.PKCS8ShroudedKeyBag({ parsedValue: pkijs.PrivateKeyInfo.fromBER(buffer(key)) }),
    bagAttributes: [localKeyId],
  })
  const certBags = names(leaf).map((name, at) => new pkijs.SafeBag({
    bagId: '1.2.840.113549.1.12.10.1.3',
    bagValue: new pkijs.CertBag({ parsedValue: pkijs.Certificate.fromBER(buffer(new X509Certificate(pem(`${name}.crt`)).raw)) }),
    ...(at === 0 ? { bagAttributes: [localKeyId] } : {}),
  }))
  const protection = {
    password: buffer(Buffer.from(password)),
    contentEncryptionAlgorithm: { name: 'AES-CBC', length: 256 },
    hmacHashAlgorithm: 'SHA-256',
    iterationCount: 2048,
  }
  await keyBag.bagValue.makeInternalValues(protection)
  const pfx = new pkijs.PFX({
    parsedValue: {
      integrityMode: 0,
      authenticatedSafe: new pkijs.AuthenticatedSafe({
        parsedValue: {
          safeContents: [
            { privacyMode: 0, value: new pkijs.SafeContents({ safeBags: [keyBag] }) },
            { privacyMode: 1, value: new pkijs.SafeContents({ safeBags: certBags }) },
          ],
        },
      }),
    },
  })
  await pfx.parsedValue.authenticatedSafe.makeInternalValues({ safeContents: [{}, protection] })
  await pfx.makeInternalValues({
    password: protection.password,
    iterations: 2048,
    pbkdf2HashAlgorithm: 'SHA-256',
    hmacHashAlgorithm: 'SHA-256',
  })
  writeFileSync(`${out}/${file}`, Buffer.from(pfx.toSchema().toBER(false)))
}

byForge('forge.p12', 'selfsigned', {})
byForge('forge-aes192.p12', 'selfsigned', { algorithm: 'aes192' })
byForge('forge-3des.p12', 'selfsigned', { algorithm: '3des' })
await byPkijs('pkijs.p12', 'p256', test)
await byPkijs('pkijs-cyrillic.p12', 'p256', cyrillic)
