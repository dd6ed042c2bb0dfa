/** What the matrix leaves out: contents of every length, streams, other content types, the caller's attributes. */
import { Readable } from 'node:stream'
import { beforeAll, expect, it } from 'vitest'
import { type AttributeInput, type SignOptions, sign, verify } from '../../src/cms/index.ts'
import { describeWith } from '../support/tools.ts'
import { integer, octets, oids, tlv } from './support/forge.ts'
import { algorithmNamed } from './support/peer.ts'
import { allNeeds, peerNeeds, usePeers } from './support/peers.ts'
import { leafNames } from './support/pki.ts'
import { openKey, Sealkit } from './support/sealkit.ts'

const ecdsa = algorithmNamed('p256 ECDSA SHA-256')
const content = Buffer.from('a passport token')

describeWith(allNeeds, 'contents', () => {
  const peers = usePeers()
  let sealkit: Sealkit
  beforeAll(() => {
    sealkit = new Sealkit(peers.pki, leafNames.map(peers.pki.leaf))
  })

  // Around each change of the length's own length in DER, and none at all.
  it.each([0, 1, 127, 128, 255, 256, 65_535, 65_536, 1_000_000])('attached: %i bytes', async (length) => {
    const long = Buffer.alloc(length, 'a line\r\nand \0 more\n')
    const message = await sealkit.sign({ content: long, signers: [ecdsa], attached: true })
    // NSS and GnuTLS take an empty content for none: docs/interop.md.
    for (const peer of length === 0 ? [peers.openssl, peers.bc] : peers.all) {
      const verdict = await peer.verify({ message })
      expect(verdict, peer.name).toMatchObject({ ok: true })
      if (verdict.content) expect(long.equals(verdict.content), peer.name).toBe(true)
      const made = await peer.sign({ content: long, signers: [ecdsa], attached: true })
      const own = await sealkit.verify({ message: made })
      expect(own, peer.name).toMatchObject({ ok: true })
      expect(long.equals(own.content ?? Buffer.from('none')), peer.name).toBe(true)
    }
  })

  it('a stream, detached', async () => {
    const chunks = Array.from({ length: 100 }, (_, i) => Buffer.alloc(i * 37, i))
    const message = (await sign(Readable.from(chunks), { signers: await openKey(peers.pki, ecdsa) })).der
    for (const peer of peers.all) {
      const verdict = await peer.verify({ message, content: Buffer.concat(chunks) })
      expect(verdict, peer.name).toMatchObject({ ok: true })
    }
  })

  it('PEM, in both directions with OpenSSL', async () => {
    const { pki, openssl } = peers
    const ours = (await sign(content, { signers: await openKey(pki, ecdsa) })).pem()
    expect(await openssl.verify({ message: await openssl.fromPem(ours), content })).toMatchObject({
      ok: true,
    })
    const theirs = await openssl.toPem(await openssl.sign({ content, signers: [ecdsa] }))
    expect(theirs).toMatch(/^-----BEGIN CMS-----/)
    const result = await verify(theirs, { content, trust: sealkit.trust })
    expect(result.verdict).toBe('valid')
  })

  it('a string is its UTF-8', async () => {
    const { der: message } = await sign('Ünïcode ✓', { signers: await openKey(peers.pki, ecdsa) })
    for (const peer of peers.all) {
      const verdict = await peer.verify({ message, content: Buffer.from('Ünïcode ✓', 'utf8') })
      expect(verdict, peer.name).toMatchObject({ ok: true })
    }
  })
})

/** An attribute of an OID of its own. */
const attribute = (index: number, ...values: readonly Uint8Array[]): AttributeInput => {
  return { oid: `1.3.6.1.4.1.99999.2.${index}`, values }
}

/** Attributes whose DER order is not the given one: by length, by arc, by the order of their values. */
const attributes: readonly AttributeInput[] = [
  attribute(300, octets(Buffer.alloc(300))),
  attribute(2, octets(Buffer.alloc(200, 7)), octets(Buffer.alloc(1)), integer(5), tlv(0x05)),
  attribute(70_000, tlv(0x0c, Buffer.from('short'))),
  attribute(1, tlv(0x30, integer(1), tlv(0x31, integer(2), integer(3)))),
  attribute(127, tlv(0x01, Buffer.from([0xff]))),
  attribute(128, octets(Buffer.alloc(0))),
]

describeWith(peerNeeds['Bouncy Castle'], 'what goes into a message', () => {
  const peers = usePeers(['OpenSSL', 'Bouncy Castle'])
  let sealkit: Sealkit
  beforeAll(() => {
    sealkit = new Sealkit(peers.pki, leafNames.map(peers.pki.leaf))
  })

  const variants: Record<string, Partial<SignOptions>> = {
    "the caller's signed attributes": { signedAttributes: attributes },
    'the same in the other order': { signedAttributes: attributes.toReversed() },
    'unsigned attributes': { unsignedAttributes: attributes },
    'all at once': { signedAttributes: attributes, unsignedAttributes: attributes, signingCertificate: true },
    'no signing time': { signingTime: false },
    'a signing time': { signingTime: new Date(Date.now() + 60_000) },
    'another content type': { contentType: '1.2.3.4' },
    'another content type, attached': { contentType: '1.3.6.1.4.1.99999.3', detached: false },
  }

  it.each(Object.entries(variants))('%s', async (_, options) => {
    const given = options.detached === false ? {} : { content }
    const { der: message } = await sign(content, { signers: await openKey(peers.pki, ecdsa), ...options })
    const { isDer, signers } = await peers.bc.report({ message, ...given })
    expect(isDer).toBe(true)
    expect(signers).toMatchObject([{ verified: true, signedAttrsAreDer: true }])
    expect(await peers.openssl.verify({ message, ...given })).toMatchObject({ ok: true })
    expect(await sealkit.verify({ message, ...given })).toMatchObject({ ok: true })

    const dump = await peers.bc.dump(message)
    const [signer] = dump.signers
    expect(dump.eContentType).toBe(options.contentType ?? oids.data)
    const types = (found: readonly { oid: string }[]) => new Set(found.map(({ oid }) => oid))
    const added = (inputs?: readonly AttributeInput[]) => (inputs ?? []).map(({ oid }) => oid)
    const time = options.signingTime === false ? [] : [oids.signingTime]
    const certificate = options.signingCertificate ? [oids.signingCertificateV2] : []
    const own = [oids.contentType, oids.messageDigest, ...time, ...certificate]
    expect(types(signer?.signedAttrs ?? [])).toEqual(new Set([...own, ...added(options.signedAttributes)]))
    expect(types(signer?.unsignedAttrs ?? [])).toEqual(new Set(added(options.unsignedAttributes)))
  })

  // RFC 5652 5.1 and 5.3: 3 for a key identifier or another content type, else 1.
  it.each([
    [{}, 1, 1],
    [{ sid: 'subjectKeyIdentifier' }, 3, 3],
    [{ contentType: '1.2.3.4' }, 3, 1],
  ] as const)('versions with %o: %i, %i', async (options, version, signerVersion) => {
    const { der } = await sign(content, { signers: await openKey(peers.pki, ecdsa), ...options })
    const dump = await peers.bc.dump(der)
    expect([dump.version, dump.signers[0]?.version]).toEqual([version, signerVersion])
  })

  it('the certificates that were asked for', async () => {
    const subjects = ['p256', 'intermediate', 'root']
    for (const [count, certificates] of (['none', 'signer', 'chain', 'chain-with-root'] as const).entries()) {
      const { der } = await sign(content, { signers: await openKey(peers.pki, ecdsa), certificates })
      const names = (await peers.bc.dump(der)).certificates.map((name) => name.split('CN=')[1])
      expect(new Set(names)).toEqual(new Set(subjects.slice(0, count)))
    }
  })
})
