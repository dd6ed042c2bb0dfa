/** Validating the path of a server's certificate: RSA-2048 throughout, one intermediate. */
import { createPublicKey, verify } from 'node:crypto'
import { generateKey, issueTestCertificate } from 'sealkit/credentials'
import { CertificatePool, TrustStore, validatePath } from 'sealkit/path'
import { Certificate } from 'sealkit/x509'
import { chain } from '../chain.mjs'
import { forgePath, opensslPath, peculiarPath, pkijsPath } from '../peers/paths.mjs'

const PEERS = { pkijs: pkijsPath, 'node-forge': forgePath, '@peculiar/x509': peculiarPath }

/** All is parsed before: what remains are the two signatures, and looking. */
export async function warm() {
  const data = await chain()
  const { leaf, intermediate, root } = data
  const check = [
    [leaf, intermediate],
    [intermediate, root],
  ].map(([certificate, { subjectPublicKeyInfo }]) => ({
    ...certificate.signatureAlgorithm,
    data: certificate.tbs,
    signature: certificate.signature,
    key: createPublicKey({ key: Buffer.from(subjectPublicKeyInfo), format: 'der', type: 'spki' }),
  }))
  const few = new CertificatePool([intermediate])
  return [
    {
      name: 'node:crypto, two signatures',
      run: () => check.every(({ hash, data, key, signature }) => verify(hash.node, data, key, signature)),
    },
    // At least 0.6 of the limit.
    { name: 'sealkit', run: validator(data, few), target: { most: 1.66 } },
    ...Object.entries(PEERS).map(([name, { parse, validate }]) => {
      const parsed = { leaf: parse(leaf.toPem()), root: parse(root.toPem()), time: data.time }
      const intermediates = [parse(intermediate.toPem())]
      return { name, run: () => validate({ ...parsed, intermediates }) }
    }),
  ]
}

/** Three certificates in PEM, as they come from a file. */
export async function cold() {
  const data = await chain()
  const { leaf, intermediate, root, time, host } = data
  const [a, b, c] = [leaf, intermediate, root].map((certificate) => certificate.toPem())
  return [
    {
      name: 'pkijs',
      run: () =>
        pkijsPath.validate({
          leaf: pkijsPath.parse(a),
          intermediates: [pkijsPath.parse(b)],
          root: pkijsPath.parse(c),
          time,
        }),
    },
    {
      name: 'sealkit',
      target: { most: 0.2 },
      run: () =>
        validator(
          { leaf: Certificate.fromPem(a), root: Certificate.fromPem(c), time, host },
          new CertificatePool([Certificate.fromPem(b)]),
        )(),
    },
    {
      name: 'node-forge',
      run: () =>
        forgePath.validate({
          leaf: forgePath.parse(a),
          intermediates: [forgePath.parse(b)],
          root: forgePath.parse(c),
          time,
        }),
    },
    { name: 'openssl verify, process', run: opensslPath(data) },
  ]
}

/** The right intermediate among 226. */
export async function among() {
  const data = await chain()
  const few = new CertificatePool([data.intermediate])
  const all = new CertificatePool(data.many)
  const parsed = { leaf: pkijsPath.parse(data.leaf.toPem()), root: pkijsPath.parse(data.root.toPem()) }
  const intermediates = data.many.map((certificate) => pkijsPath.parse(certificate.toPem()))
  return [
    { name: 'sealkit, the one intermediate', run: validator(data, few) },
    { name: 'sealkit, 226 intermediates', run: validator(data, all), target: { most: 1.5 } },
    { name: 'sealkit, 226 intermediates, not indexed before', run: validator(data, data.many) },
    {
      name: 'pkijs, 226 intermediates',
      run: () => pkijsPath.validate({ ...parsed, intermediates, time: data.time }),
    },
  ]
}

/** Graphs made to cost time: many CAs of one name, all certified by each other; each ends in an answer or the budget. */
export async function hostile() {
  const data = await chain()
  const wide = await mesh(12)
  const deep = await ladder(60)
  return [
    { name: 'sealkit, a good chain', run: validator(data, new CertificatePool([data.intermediate])) },
    { name: 'sealkit, 12 CAs that certify each other', run: () => ends(wide, data) },
    { name: 'sealkit, 60 CAs in a row', run: () => ends(deep, data) },
  ]
}

function validator({ leaf, root, time, host }, untrusted) {
  const trust = new TrustStore([root])
  return async () => {
    const { verdict, problem } = await validatePath(leaf, {
      trust,
      untrusted,
      purpose: 'tls-server',
      host,
      time,
    })
    if (verdict !== 'valid') throw new Error(`sealkit refuses the path: ${problem?.detail}`)
  }
}

async function ends({ leaf, untrusted }, { root }) {
  try {
    const result = await validatePath(leaf, { trust: new TrustStore([root]), untrusted, purpose: 'any' })
    if (result.verdict === 'valid') throw new Error('sealkit accepts a path that leads nowhere')
  } catch (error) {
    if (error.code !== 'ERR_PATH_BUDGET') throw error
  }
}

/** Every CA is certified by every other, and the leaf by one of them. */
async function mesh(size) {
  const keys = await Promise.all(Array.from({ length: size }, () => generateKey('P-256')))
  const self = await Promise.all(keys.map((key, i) => issue(key, `CN=Mesh test CA ${i}`)))
  const untrusted = []
  for (const [i, key] of keys.entries()) {
    for (const [j, issuerKey] of keys.entries()) {
      if (i !== j)
        untrusted.push(await issue(key, `CN=Mesh test CA ${i}`, { certificate: self[j], key: issuerKey }))
    }
  }
  const leaf = await issue(
    await generateKey('P-256'),
    'CN=Mesh test',
    { certificate: self[0], key: keys[0] },
    false,
  )
  return { leaf, untrusted: new CertificatePool(untrusted) }
}

async function ladder(length) {
  const untrusted = []
  let issuer = { certificate: undefined, key: await generateKey('P-256') }
  issuer.certificate = await issue(issuer.key, 'CN=Ladder test root')
  for (let i = 0; i < length; i++) {
    const key = await generateKey('P-256')
    const certificate = await issue(key, `CN=Ladder test CA ${i}`, issuer)
    untrusted.push(certificate)
    issuer = { certificate, key }
  }
  return {
    leaf: await issue(await generateKey('P-256'), 'CN=Ladder test', issuer, false),
    untrusted: new CertificatePool(untrusted),
  }
}

function issue(key, subject, issuer, ca = true) {
  return issueTestCertificate({ key, subject, issuer, ca, days: 30 })
}
