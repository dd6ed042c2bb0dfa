/** Building of paths: order, cross-signing, names that are the same, cycles, and what is said where there is none. */
import { describe, expect, it } from 'vitest'
import { PathError } from '../../src/errors.ts'
import type { PathLimits, PathResult } from '../../src/path/index.ts'
import {
  dns,
  type Issued,
  issue,
  nameConstraints,
  SERVER_AUTH,
  TIME,
  validate,
  verdict,
} from './support/issue.ts'

const server = { purposes: [SERVER_AUTH], names: [dns('a.example.com')] }
const root = issue('CN=root', { ca: true })
const a = issue('CN=a', { ca: true, issuer: root })
const b = issue('CN=b', { ca: true, issuer: a })
const leaf = issue('CN=leaf', { issuer: b, ...server })

const subjects = ({ path }: PathResult): string[] =>
  path.map(({ certificate }) => String(certificate.subject))
const roles = ({ path }: PathResult): string[] => path.map(({ role }) => role)

describe('paths', () => {
  it('are found in any order, with duplicates, the leaf and strangers among the certificates', async () => {
    const stranger = issue('CN=stranger', { ca: true })
    for (const untrusted of [
      [a, b],
      [b, a],
      [leaf, b, b, stranger, a, a, root],
    ]) {
      const result = await validate(leaf, [root], untrusted)
      expect(subjects(result)).toEqual(['CN=leaf', 'CN=b', 'CN=a', 'CN=root'])
      expect(roles(result)).toEqual(['target', 'intermediate', 'intermediate', 'anchor'])
    }
  })

  it('end at the first anchor, which may be an intermediate', async () => {
    const result = await validate(leaf, [root, b], [a])
    expect(subjects(result)).toEqual(['CN=leaf', 'CN=b'])
    expect(roles(result)).toEqual(['target', 'anchor'])
  })

  it('go through the right one of CAs with one name', async () => {
    const twins = Array.from({ length: 5 }, () => issue('CN=b', { ca: true, issuer: a }))
    expect(await verdict(leaf, [root], [...twins, b, a])).toBe('valid')
    expect(await verdict(leaf, [root], [...twins, a])).toBe('signature-mismatch')
  })

  it('go back where a way ends: expired, constrained, untrusted, of another purpose, too long', async () => {
    const own = { ca: true, key: b.key } as const
    const expired = issue('CN=b', { ...own, issuer: root, notAfter: new Date('2026-05-31') })
    const bound = issue('CN=b', { ...own, issuer: root, extensions: [nameConstraints([dns('example.org')])] })
    const astray = issue('CN=b', { ...own, issuer: issue('CN=lost', { ca: true }) })
    const mail = issue('CN=b', { ...own, issuer: root, purposes: ['1.3.6.1.5.5.7.3.4'] })
    const noCa = issue('CN=b', { ...own, issuer: root, ca: false })
    const wrong = [expired, bound, astray, mail, noCa]
    expect(await verdict(leaf, [root], [...wrong, b, a])).toBe('valid')
    expect(await verdict(leaf, [root], wrong)).not.toBe('valid')
    for (const [each, reason] of [
      [expired, 'expired'],
      [bound, 'name-constraints'],
      [astray, 'issuer-missing'],
      [mail, 'extended-key-usage'],
      [noCa, 'not-a-ca'],
    ] as const) {
      expect(await verdict(leaf, [root], [each])).toBe(reason)
    }
  })

  it('go through a cross-signed CA to either root', async () => {
    const other = issue('CN=other root', { ca: true })
    const cross = issue('CN=root', { ca: true, issuer: other, key: root.key })
    expect(subjects(await validate(leaf, [other], [a, b, root, cross]))).toEqual([
      'CN=leaf',
      'CN=b',
      'CN=a',
      'CN=root',
      'CN=other root',
    ])
    expect(subjects(await validate(leaf, [other, root], [a, b, cross]))).toHaveLength(4)
  })

  it('a rolled over root: old with new', async () => {
    const renewed = issue('CN=root', { ca: true })
    const link = issue('CN=root', { ca: true, issuer: renewed, key: root.key })
    expect(await verdict(leaf, [renewed], [a, b, link])).toBe('valid')
  })

  it('self-issued CAs do not count for pathLenConstraint', async () => {
    const top = issue('CN=top', { ca: 0 })
    const renewed = issue('CN=top', { ca: true, issuer: top })
    const target = issue('CN=leaf', { issuer: renewed, ...server })
    expect(await verdict(target, [top], [renewed])).toBe('valid')
    const below = issue('CN=below', { ca: true, issuer: top })
    expect(await verdict(issue('CN=leaf', { issuer: below, ...server }), [top], [below])).toBe('path-length')
  })

  it('a self-signed certificate is trusted where it stands in the store, and there alone', async () => {
    const own = issue('CN=self', server)
    const result = await validate(own, [own])
    expect([result.verdict, roles(result)]).toEqual(['valid', ['anchor']])
    expect(await verdict(own, [root], [own])).toBe('issuer-not-trusted')
  })
})

describe('the moment', () => {
  const from = new Date('2026-01-01T00:00:00Z')
  const to = new Date('2026-12-31T23:59:59Z')
  const short = issue('CN=short', { issuer: root, ...server, notBefore: from, notAfter: to })
  it.each([
    [+from - 1, 'not-yet-valid'],
    [+from, 'valid'],
    [+to, 'valid'],
    [+to + 999, 'valid'],
    [+to + 1000, 'expired'],
  ])('%d: %s', async (time, expected) => {
    expect(await verdict(short, [root], [], { time: new Date(time) })).toBe(expected)
  })

  it('the result says until when it holds', async () => {
    expect((await validate(short, [root])).validUntil).toEqual(to)
    const result = await validate(leaf, [root], [a, b])
    expect([result.validUntil, result.time]).toEqual([root.certificate.notAfter, TIME])
  })

  it('an expired anchor does not do', async () => {
    const old = issue('CN=old', { ca: true, notAfter: new Date('2026-01-01') })
    expect(await verdict(issue('CN=leaf', { issuer: old, ...server }), [old])).toBe('expired')
  })
})

describe('where there is no path', () => {
  it('the issuer that is missing is named, of the way that went furthest', async () => {
    const { problem, path, verdict, validUntil, policies } = await validate(leaf, [root], [b])
    expect([verdict, validUntil, policies]).toEqual(['invalid', undefined, []])
    expect(problem?.reason).toBe('issuer-missing')
    expect(problem?.certificate).toBe(b.certificate)
    expect(problem?.detail).toContain('CN=a')
    expect(problem?.hint).toMatch(/intermediate/)
    expect(path.map(({ role }) => role)).toEqual(['target', 'intermediate'])
  })

  it('a root that came along is told from one that is missing', async () => {
    const { problem } = await validate(leaf, [issue('CN=x', { ca: true })], [a, b, root])
    expect([problem?.reason, problem?.certificate]).toEqual(['issuer-not-trusted', root.certificate])
  })

  it('the depth that was reached is said', async () => {
    const options = { limits: { maxDepth: 1 } }
    expect(await verdict(leaf, [root], [a, b], options)).toBe('path-too-long')
    expect(await verdict(leaf, [root], [a, b], { limits: { maxDepth: 2 } })).toBe('valid')
    expect(await verdict(leaf, [b], [], { limits: { maxDepth: 0 } })).toBe('valid')
  })
})

describe('hostile graphs', () => {
  const over = async (
    target: Issued,
    untrusted: readonly Issued[],
    limits: PathLimits = {},
  ): Promise<unknown> => {
    try {
      return await verdict(target, [root], untrusted, { limits })
    } catch (error) {
      return error instanceof PathError ? error.code : error
    }
  }

  it('many CAs of one name and key identifier end in ERR_PATH_BUDGET', async () => {
    const extensions = b.certificate.extensions.filter(({ oid }) => oid === '2.5.29.14')
    const twins = Array.from({ length: 250 }, () => issue('CN=b', { ca: true, issuer: a, extensions }))
    expect(await over(leaf, [a, ...twins])).toBe('ERR_PATH_BUDGET')
  })

  it('a complete graph of CAs that certify each other ends in ERR_PATH_BUDGET', async () => {
    const cas = Array.from({ length: 9 }, (_, i) => issue(`CN=${i}`, { ca: true }))
    const edges = cas.flatMap((each, i) =>
      cas.flatMap((issuer, j) => (i === j ? [] : [issue(`CN=${i}`, { ca: true, issuer, key: each.key })])),
    )
    const target = issue('CN=leaf', { issuer: cas[0] as Issued, ...server })
    expect(await over(target, edges)).toBe('ERR_PATH_BUDGET')
    const way = issue('CN=8', { ca: true, issuer: root, key: (cas[8] as Issued).key })
    expect(await over(target, [...edges, way])).toBe('valid')
  })

  it('each limit does', async () => {
    expect(await over(leaf, [a, b], { maxSignatures: 2 })).toBe('ERR_PATH_BUDGET')
    expect(await over(leaf, [a, b], { maxSignatures: 3 })).toBe('valid')
    expect(await over(leaf, [a, b], { maxCandidates: 2 })).toBe('ERR_PATH_BUDGET')
    expect(await over(leaf, [a, b], { maxCandidates: 3 })).toBe('valid')
    const bound = issue('CN=bound', {
      ca: true,
      issuer: root,
      extensions: [nameConstraints([dns('example.com')])],
    })
    const target = issue('CN=leaf', { issuer: bound, ...server })
    expect(await over(target, [bound], { maxNameComparisons: 0 })).toBe('ERR_PATH_BUDGET')
    expect(await over(target, [bound], { maxNameComparisons: 10 })).toBe('valid')
  })

  it('names times constraints is bounded', async () => {
    const many = Array.from({ length: 1200 }, (_, i) => dns(`n${i}.example.com`))
    const bound = issue('CN=bound', { ca: true, issuer: root, extensions: [nameConstraints(many)] })
    expect(await over(issue('CN=leaf', { issuer: bound, ...server, names: many }), [bound])).toBe(
      'ERR_PATH_BUDGET',
    )
  })

  it.each([Number.NaN, -1, '5'])('a limit of %j is a TypeError', async (value) => {
    for (const name of ['maxSignatures', 'maxCandidates', 'maxNameComparisons', 'maxDepth']) {
      expect(await over(leaf, [a, b], { [name]: value })).toBeInstanceOf(TypeError)
    }
  })

  it('a long chain ends', async () => {
    const chain = [root]
    for (let i = 0; i < 40; i++) {
      chain.push(issue(`CN=c${i}`, { ca: true, issuer: chain.at(-1) as Issued }))
    }
    const target = issue('CN=leaf', { issuer: chain.at(-1) as Issued, ...server })
    expect(await over(target, chain.slice(1))).toBe('path-too-long')
    expect(await over(target, chain.slice(1), { maxDepth: 40 })).toBe('valid')
  })
})
