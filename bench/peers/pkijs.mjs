/** PKI.js 4 on the Web Crypto of Node. */
import * as asn1js from 'asn1js'
import * as pkijs from 'pkijs'

const ALGORITHMS = {
  'RSA-2048': { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  'RSA-4096': { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  'P-256': { name: 'ECDSA', namedCurve: 'P-256' },
}

export const cannot = (type) => (ALGORITHMS[type] === undefined ? `no CMS with ${type}` : undefined)

/** Gives the function that makes one detached signature, with the attributes that sealkit writes. */
export async function signer({ type, privateKey, certificate }, token) {
  const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' })
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, ALGORITHMS[type], false, ['sign'])
  const own = pkijs.Certificate.fromBER(certificate.der)
  const content = arrayBuffer(token)
  return async () => {
    const digest = await crypto.subtle.digest('SHA-256', content)
    const signedData = new pkijs.SignedData({
      version: 1,
      encapContentInfo: new pkijs.EncapsulatedContentInfo({ eContentType: pkijs.ContentInfo.DATA }),
      signerInfos: [
        new pkijs.SignerInfo({
          version: 1,
          sid: new pkijs.IssuerAndSerialNumber({ issuer: own.issuer, serialNumber: own.serialNumber }),
          signedAttrs: new pkijs.SignedAndUnsignedAttributes({
            type: 0,
            attributes: [
              attribute(
                '1.2.840.113549.1.9.3',
                new asn1js.ObjectIdentifier({ value: pkijs.ContentInfo.DATA }),
              ),
              attribute('1.2.840.113549.1.9.5', new asn1js.UTCTime({ valueDate: new Date() })),
              attribute('1.2.840.113549.1.9.4', new asn1js.OctetString({ valueHex: digest })),
            ],
          }),
        }),
      ],
      certificates: [own],
    })
    await signedData.sign(key, 0, 'SHA-256', content)
    const contentType = pkijs.ContentInfo.SIGNED_DATA
    const message = new pkijs.ContentInfo({ contentType, content: signedData.toSchema(true) })
    return new Uint8Array(message.toSchema().toBER(false))
  }
}

/** Verifies the signature alone, without a path. */
export async function verify(message, token) {
  const good = await parse(message).verify({ signer: 0, data: arrayBuffer(token), checkChain: false })
  if (!good) throw new Error('pkijs refuses the signature')
}

export function parse(message) {
  const { content } = pkijs.ContentInfo.fromBER(message)
  return new pkijs.SignedData({ schema: content })
}

const attribute = (type, value) => new pkijs.Attribute({ type, values: [value] })

function arrayBuffer(bytes) {
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)
}

export const cannotOpen = (protection) => (protection === 'AES' ? undefined : 'opens PBES2 with AES only')

/** Opens a PKCS#12 file: certificates encrypted in the first part, keys shrouded in the second. */
export async function open(file, password) {
  const secret = arrayBuffer(Buffer.from(password))
  const pfx = pkijs.PFX.fromBER(file)
  await pfx.parseInternalValues({ password: secret, checkIntegrity: true })
  const { authenticatedSafe } = pfx.parsedValue
  await authenticatedSafe.parseInternalValues({ safeContents: [{ password: secret }, {}] })
  const [certificates, keys] = authenticatedSafe.parsedValue.safeContents
  const [{ bagValue: shrouded }] = keys.value.safeBags
  await shrouded.parseInternalValues({ password: secret })
  if (shrouded.parsedValue === undefined) throw new Error('pkijs finds no key')
  return certificates.value.safeBags.map(({ bagValue }) => bagValue.parsedValue)
}
