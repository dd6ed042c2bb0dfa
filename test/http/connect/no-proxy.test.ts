import { describe, expect, it } from 'vitest'
import { isExempt } from '../../../src/http/connect/no-proxy.ts'

const cases: readonly [noProxy: string, url: string, exempt: boolean][] = [
  ['', 'https://a.example', false],
  [' , ', 'https://a.example', false],
  ['*', 'https://a.example', true],
  ['x.test, *', 'https://a.example', true],
  ['a.example', 'https://a.example', true],
  ['A.Example', 'https://a.EXAMPLE', true],
  ['example', 'https://a.example', true],
  ['.example', 'https://a.example', true],
  ['.a.example', 'https://a.example', true],
  ['*.example', 'https://a.example', true],
  ['.', 'https://a.example', false],
  ['ample', 'https://a.example', false],
  ['a.example', 'https://aa.example', false],
  ['a.example', 'https://a.example.org', false],
  ['a.example.', 'https://a.example', true],
  ['a.example', 'https://a.example.', true],
  ['x.test a.example', 'https://a.example', true],
  ['x.test,a.example', 'https://a.example', true],
  ['x.test ,\t a.example ,', 'https://a.example', true],
  ['a.example:443', 'https://a.example', true],
  ['a.example:8443', 'https://a.example:8443', true],
  ['a.example:8443', 'https://a.example', false],
  ['.example:80', 'http://a.example', true],
  ['10.0.0.1', 'https://10.0.0.1', true],
  ['10.0.0.1', 'https://10.0.0.11', false],
  ['0.1', 'https://10.0.0.1', false],
  ['10.0.0.1:443', 'https://10.0.0.1', true],
  ['10.0.0.1:444', 'https://10.0.0.1', false],
  ['10.0.0.0/8', 'https://10.200.3.4', true],
  ['10.0.0.0/8', 'https://11.0.0.1', false],
  ['10.0.0.0/33', 'https://10.0.0.1', false],
  ['10.0.0.0/', 'https://10.0.0.0', false],
  ['10.0.0.0/x', 'https://10.0.0.0', false],
  ['0.0.0.0/0', 'https://10.0.0.1', true],
  ['10.0.0.0/8', 'https://ten.example', false],
  ['::1', 'https://[::1]', true],
  ['[::1]', 'https://[::1]:8443', true],
  ['[::1]:8443', 'https://[::1]:8443', true],
  ['[::1]:8443', 'https://[::1]', false],
  ['0:0:0:0:0:0:0:1', 'https://[::1]', true],
  ['FD00::/8', 'https://[fd12::1]', true],
  ['[fd00::]/8', 'https://[fd12::1]', true],
  ['fd00::/8', 'https://[fe80::1]', false],
  ['::/0', 'https://10.0.0.1', false],
  ['localhost', 'https://localhost:1234', true],
  ['localhost', 'https://127.0.0.1', false],
]

describe('NO_PROXY', () => {
  it.each(cases)('%j and %s: %s', (noProxy, url, exempt) => {
    expect(isExempt(new URL(url), noProxy)).toBe(exempt)
  })
})
