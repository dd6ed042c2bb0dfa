import type { PeerCertificate, TLSSocket } from 'node:tls'
import { SealkitError } from '../../errors.ts'
import { Certificate } from '../../x509/index.ts'
import { printable } from '../../x509/printable.ts'

/** Version, cipher and ALPN, as curl tells them. */
export function connectionLines(socket: TLSSocket): string[] {
  const { alpnProtocol } = socket
  const session = socket.isSessionReused() ? ', session resumed' : ''
  const alpn = alpnProtocol
    ? `ALPN: server accepted ${alpnProtocol}`
    : 'ALPN: server did not agree on a protocol'
  return [`SSL connection using ${socket.getProtocol()} / ${socket.getCipher().name}${session}`, alpn]
}

/** The server's certificate, as curl tells it. */
export function certificateLines(chain: readonly Uint8Array[]): string[] {
  const [der] = chain
  if (der === undefined) return ['Server certificate: not sent again']
  try {
    const { subject, issuer, notBefore, notAfter } = Certificate.parse(der)
    return [
      'Server certificate:',
      ` subject: ${printable(subject.toString())}`,
      ` start date: ${notBefore.toUTCString()}`,
      ` expire date: ${notAfter.toUTCString()}`,
      ` issuer: ${printable(issuer.toString())}`,
    ]
  } catch (error) {
    if (error instanceof SealkitError) return ['Server certificate: cannot be read']
    throw error
  }
}

/** What the server sent and what Node found to it, in DER, the server's own first. */
export function peerChain(socket: TLSSocket): Uint8Array[] {
  const chain: Uint8Array[] = []
  let at: Partial<PeerCertificate & { issuerCertificate: PeerCertificate }> | undefined =
    socket.getPeerCertificate(true)
  while (at?.raw !== undefined && chain.length < 20) {
    chain.push(new Uint8Array(at.raw))
    // A root is its own issuer.
    at = at.issuerCertificate === at ? undefined : at.issuerCertificate
  }
  return chain
}
