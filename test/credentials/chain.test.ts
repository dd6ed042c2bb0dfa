import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { orderChain, readCertificates } from '../../src/credentials/index.ts'
import type { Certificate } from '../../src/x509/index.ts'
import { describeWith, tempDir } from '../support/tools.ts'

describeWith('openssl', 'orderChain over awkward pools', () => {
  const folder = tempDir()
  const path = (name: string): string => join(folder, name)
  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  }
  let serial = 0

  const newKey = (name: string): void => openssl('genpkey', '-algorithm', 'ed25519', '-out', `${name}.key`)
  /** A certificate of a name for a key, by the key of an issuer whose own name is given too. */
  const issue = (cn: string, key: string, issuer: { cn: string; key: string }, days: number): Certificate => {
    const file = `c${serial++}`
    writeFileSync(
      path('ca.ext'),
      'basicConstraints=CA:true\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n',
    )
    const ca =
      issuer.cn === cn && issuer.key === key
        ? ['-key', `${key}.key`]
        : ['-CA', `${issuer.cn}-${issuer.key}.crt`, '-CAkey', `${issuer.key}.key`]
    openssl('req', '-new', '-key', `${key}.key`, '-subj', `/CN=${cn}`, '-out', `${file}.csr`)
    openssl(
      'x509',
      '-req',
      '-in',
      `${file}.csr`,
      ...ca,
      '-days',
      `${days}`,
      '-set_serial',
      `${serial}`,
      '-extfile',
      'ca.ext',
      '-out',
      `${file}.crt`,
    )
    const pem = readFileSync(path(`${file}.crt`))
    writeFileSync(path(`${cn}-${key}.crt`), pem)
    return readCertificates(pem)[0] as Certificate
  }

  it('chooses by key identifier, then validity, and ends where certificates issue each other', () => {
    for (const name of ['k1', 'k2', 'leaf']) newKey(name)
    const a = issue('A', 'k1', { cn: 'A', key: 'k1' }, 100)
    const sameNameOtherKey = issue('A', 'k2', { cn: 'A', key: 'k2' }, 1000)
    const leaf = issue('Leaf', 'leaf', { cn: 'A', key: 'k1' }, 100)
    expect(orderChain(leaf, [sameNameOtherKey, a])).toEqual([a])
    const renewed = issue('A', 'k1', { cn: 'A', key: 'k1' }, 500)
    expect(orderChain(leaf, [a, sameNameOtherKey, renewed])).toEqual([renewed])
    // B by A and A by B: no root.
    const b = issue('B', 'k2', { cn: 'A', key: 'k1' }, 100)
    const crossed = issue('A', 'k1', { cn: 'B', key: 'k2' }, 100)
    expect(orderChain(leaf, [b, crossed])).toEqual([crossed, b])
    expect(orderChain(leaf, [b, crossed, leaf, b, crossed])).toEqual([crossed, b])
  })

  it('takes 16 issuers at most', () => {
    newKey('k')
    const links = [issue('L0', 'k', { cn: 'L0', key: 'k' }, 10)]
    for (let i = 1; i < 20; i++) links.push(issue(`L${i}`, 'k', { cn: `L${i - 1}`, key: 'k' }, 10))
    const chain = orderChain(links.at(-1) as Certificate, links)
    expect(chain.map(({ subject }) => subject.commonName)).toEqual(
      Array.from({ length: 16 }, (_, i) => `L${18 - i}`),
    )
  })
})
