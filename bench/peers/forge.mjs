/** node-forge: RSA PKCS#1 v1.5 only, and no verification of CMS ("not yet implemented"). */
import forge from 'node-forge'

export const cannotSign = (type) => (type.startsWith('RSA') ? undefined : 'signs with RSA only')
export const cannotVerify = 'cannot verify CMS'

/** Gives the function that makes one detached signature. */
export function signer({ privateKey, certificate }, token) {
  const key = forge.pki.privateKeyFromPem(privateKey.export({ format: 'pem', type: 'pkcs8' }))
  const own = forge.pki.certificateFromPem(certificate.toPem())
  const { oids } = forge.pki
  const content = token.toString('latin1')
  return () => {
    const message = forge.pkcs7.createSignedData()
    message.content = forge.util.createBuffer(content)
    message.addCertificate(own)
    message.addSigner({
      key,
      certificate: own,
      digestAlgorithm: oids.sha256,
      authenticatedAttributes: [
        { type: oids.contentType, value: oids.data },
        { type: oids.signingTime, value: new Date() },
        { type: oids.messageDigest },
      ],
    })
    message.sign({ detached: true })
    return forge.asn1.toDer(message.toAsn1()).getBytes()
  }
}

/** Gives the function that reads a message, which forge wants as a string of bytes. */
export function reader(message) {
  const bytes = Buffer.from(message).toString('latin1')
  return () => forge.pkcs7.messageFromAsn1(forge.asn1.fromDer(bytes))
}

/** Opens a PKCS#12 file, which forge wants as a string of bytes. */
export function open(file, password) {
  const { pkcs12, asn1, pki } = forge
  const pfx = pkcs12.pkcs12FromAsn1(asn1.fromDer(file.toString('latin1')), password)
  const [key] = pfx.getBags({ bagType: pki.oids.pkcs8ShroudedKeyBag })[pki.oids.pkcs8ShroudedKeyBag]
  const [certificate] = pfx.getBags({ bagType: pki.oids.certBag })[pki.oids.certBag]
  if (key.key === null || certificate.cert === null) throw new Error('node-forge finds no key')
}
