/** Libraries of JavaScript, and Node itself, that open PKCS#12 files. */
import { X509Certificate } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import forge from 'node-forge'
import * as pkijs from 'pkijs'
import { type Found, found, type P12Reader, publicKeyId, type Sample } from './p12-reader.ts'

/** Node's own: it gives out the leaf and its issuer only, and takes no key that does not fit the leaf. */
export class NodeReader implements P12Reader {
  readonly name = 'Node tls'
  readonly sees = 2

  cannot(): string | undefined {
    return undefined
  }

  async open(file: Uint8Array, passphrase: string): Promise<Found> {
    const { context } = createSecureContext({ pfx: Buffer.from(file), passphrase }) as unknown as {
      context: { getCertificate(): Buffer; getIssuer(): Buffer }
    }
    const [leaf, issuer] = [context.getCertificate(), context.getIssuer()]
    const { publicKey } = new X509Certificate(leaf)
    const key = publicKeyId(publicKey.export({ format: 'pem', type: 'spki' }) as string)
    return { ...found(undefined, [leaf, issuer]), key }
  }
}

export class ForgeReader implements P12Reader {
  readonly name = 'node-forge'

  cannot({ passwordKind, profile }: Sample): string | undefined {
    if (passwordKind === 'UTF-8' && profile !== 'legacy') {
      return 'forge takes a password for PBES2 as ISO 8859-1 and so cannot have others'
    }
    return undefined
  }

  async open(file: Uint8Array, password: string): Promise<Found> {
    const asn1 = forge.asn1.fromDer(Buffer.from(file).toString('latin1'))
    const pfx = forge.pkcs12.pkcs12FromAsn1(asn1, true, password)
    const bags = pfx.safeContents.flatMap(({ safeBags }) => safeBags)
    const key = bags.find(({ type }) => type === forge.pki.oids['pkcs8ShroudedKeyBag'])
    const certificates = bags.filter(({ type }) => type === forge.pki.oids['certBag'])
    // A key that is not RSA it gives out as ASN.1, and so a certificate.
    const privateKeyInfo = key?.key
      ? forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(key.key))
      : key?.asn1
    const der = (value: forge.asn1.Asn1): Uint8Array =>
      new Uint8Array(Buffer.from(forge.asn1.toDer(value).getBytes(), 'latin1'))
    return found(
      privateKeyInfo && der(privateKeyInfo),
      certificates.map(({ cert, asn1: raw }) => der(cert ? forge.pki.certificateToAsn1(cert) : raw)),
    )
  }
}

/** The friendly names that forge gives out. */
export function forgeNames(file: Uint8Array, password: string): string[] {
  const asn1 = forge.asn1.fromDer(Buffer.from(file).toString('latin1'))
  const { safeContents } = forge.pkcs12.pkcs12FromAsn1(asn1, true, password)
  const bags = safeContents.flatMap(({ safeBags }) => safeBags)
  return bags.flatMap(({ attributes }) => (attributes as { friendlyName?: string[] }).friendlyName ?? [])
}

export class PkijsReader implements P12Reader {
  readonly name = 'pkijs'

  cannot({ profile }: Sample): string | undefined {
    if (profile === 'legacy') return 'pkijs has PBES2 only'
    return undefined
  }

  async open(file: Uint8Array, text: string): Promise<Found> {
    const password = new Uint8Array(Buffer.from(text)).buffer
    const pfx = pkijs.PFX.fromBER(new Uint8Array(file))
    await pfx.parseInternalValues({ password, checkIntegrity: true })
    const safe = pfx.parsedValue?.authenticatedSafe
    if (safe === undefined) throw new Error('no authenticated safe')
    await safe.parseInternalValues({ safeContents: [{ password }, {}] })
    const bags = (safe.parsedValue.safeContents as { value: pkijs.SafeContents }[]).flatMap(
      ({ value }) => value.safeBags,
    )
    let key: Uint8Array | undefined
    const certificates: Uint8Array[] = []
    for (const { bagValue } of bags) {
      if (bagValue instanceof pkijs.PKCS8ShroudedKeyBag) {
        await (bagValue as unknown as { parseInternalValues(p: unknown): Promise<void> }).parseInternalValues(
          {
            password,
          },
        )
        if (bagValue.parsedValue) key = new Uint8Array(bagValue.parsedValue.toSchema().toBER())
      }
      if (bagValue instanceof pkijs.CertBag) {
        certificates.push(new Uint8Array((bagValue.parsedValue as pkijs.Certificate).toSchema(true).toBER()))
      }
    }
    return found(key, certificates)
  }
}
