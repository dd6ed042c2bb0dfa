import { describe, expect, it } from 'vitest'
import { violation } from '../../src/path/name-constraints.ts'
import { type GeneralName, Name } from '../../src/x509/index.ts'

const dns = (value: string): GeneralName => ({ type: 'dNSName', value })
const mail = (value: string): GeneralName => ({ type: 'rfc822Name', value })
const uri = (value: string): GeneralName => ({ type: 'uniformResourceIdentifier', value })
const ip = (...value: number[]): GeneralName => ({ type: 'iPAddress', value: Uint8Array.from(value) })
const dir = (text: string): GeneralName => ({ type: 'directoryName', value: Name.fromText(text) })
const spend = (): void => undefined

const permits = (constraint: GeneralName, name: GeneralName): boolean =>
  violation([name], { permitted: [constraint], excluded: [] }, spend) === undefined
const excludes = (constraint: GeneralName, name: GeneralName): boolean =>
  violation([name], { permitted: [], excluded: [constraint] }, spend) !== undefined

describe('name constraints (RFC 5280 4.2.1.10)', () => {
  it.each([
    [dns('example.com'), dns('example.com'), true],
    [dns('example.com'), dns('A.EXAMPLE.com'), true],
    [dns('example.com'), dns('badexample.com'), false],
    [dns('example.com'), dns('example.com.evil.org'), false],
    [dns('example.com'), dns('com'), false],
    [dns('example.com'), dns('*.example.com'), true],
    [dns('a.example.com'), dns('*.example.com'), false],
    [dns(''), dns('anything.example'), true],
    [dns('.example.com'), dns('example.com'), false],
    [dns('.example.com'), dns('a.example.com'), true],
    [mail('example.com'), mail('user@EXAMPLE.com'), true],
    [mail('example.com'), mail('user@a.example.com'), false],
    [mail('*@example.com'), mail('*@example.com'), true],
    [mail('*@example.com'), mail('user@example.com'), false],
    [mail('.example.com'), mail('user@a.example.com'), true],
    [mail('.example.com'), mail('user@example.com'), false],
    [mail('user@example.com'), mail('user@example.com'), true],
    [mail('user@example.com'), mail('User@example.com'), false],
    [mail('example.com'), mail('"a@example.com"@evil.org'), false],
    [uri('example.com'), uri('https://example.com:8443/x'), true],
    [uri('example.com'), uri('https://user@example.com'), true],
    [uri('example.com'), uri('https://a.example.com/'), false],
    [uri('.example.com'), uri('https://a.example.com/'), true],
    [uri('.example.com'), uri('https://example.com/'), false],
    [uri('example.com'), uri('https://evil.org/example.com'), false],
    [uri('example.com'), uri('https://evil.org\\@example.com/'), false],
    [ip(10, 0, 0, 0, 255, 0, 0, 0), ip(10, 1, 2, 3), true],
    [ip(10, 0, 0, 0, 255, 0, 0, 0), ip(11, 1, 2, 3), false],
    [ip(0, 0, 0, 0, 0, 0, 0, 0), ip(...new Uint8Array(16)), false],
    [dir('O=Bank,C=LU'), dir('CN=a,O=Bank,C=LU'), true],
    [dir('O=Bank,C=LU'), dir('CN=a,O=bank ,C=lu'), true],
    [dir('O=Bank,C=LU'), dir('O=Other,C=LU'), false],
    [dir('O=Bank,C=LU'), dir('C=LU'), false],
  ])('%# permits', (constraint, name, expected) => {
    expect(permits(constraint, name)).toBe(expected)
  })

  it.each([
    [dns('example.com'), dns('a.example.com'), true],
    [dns('.example.com'), dns('example.com'), true],
    [dns('a.example.com'), dns('*.example.com'), true],
    [dns('a.b.example.com'), dns('*.example.com'), false],
    [dns('example.com'), dns('example.com.'), true],
    [dns('example.com'), dns('example.org'), false],
    [mail('user@example.com'), mail('USER@example.com'), true],
    [mail('example.com'), mail('no mailbox'), true],
    [uri('example.com'), uri('urn:without:host'), true],
    [uri('example.com'), uri('https://192.0.2.1/'), true],
    [ip(10, 0, 0, 0, 255, 0, 0, 0), ip(10, 9, 9, 9), true],
    [ip(10, 0, 0, 0, 255, 0, 0, 0), ip(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 10, 9, 9, 9), true],
    [ip(10, 0, 0, 0, 255, 0, 0, 0), ip(11, 9, 9, 9), false],
    [dir('C=LU'), dir('O=Bank,C=LU'), true],
  ])('%# excludes', (constraint, name, expected) => {
    expect(excludes(constraint, name)).toBe(expected)
  })

  it('asks nothing of names of another type', () => {
    expect(permits(dns('example.com'), ip(1, 2, 3, 4))).toBe(true)
    expect(permits(mail('example.com'), dns('evil.org'))).toBe(true)
  })

  it('refuses a name of a type that is constrained and not supported', () => {
    const registered: GeneralName = { type: 'registeredID', value: '1.2.3' }
    expect(permits(registered, registered)).toBe(false)
    expect(excludes({ type: 'registeredID', value: '1.2.4' }, registered)).toBe(true)
  })

  it('an exclusion counts against a permission', () => {
    const constraints = { permitted: [dns('example.com')], excluded: [dns('b.example.com')] }
    expect(violation([dns('a.example.com')], constraints, spend)).toBeUndefined()
    expect(violation([dns('b.example.com')], constraints, spend)).toContain('excluded')
    expect(violation([dns('example.org')], constraints, spend)).toContain('permitted')
  })

  it('counts each comparison', () => {
    let spent = 0
    const names = [dns('a.example.com'), dns('b.example.com')]
    const constraints = { permitted: [dns('example.com'), mail('x.org')], excluded: [dns('y.org')] }
    violation(names, constraints, (count) => {
      spent += count
    })
    expect(spent).toBe(6)
  })
})
