import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeBase64, decodePem, encodeBase64, encodePem } from '../../src/asn1/index.ts'
import { PemError } from '../../src/errors.ts'
import { describeShared, shared } from '../support/tools.ts'
import { hex, pemFailure, show } from './helpers.ts'

const ONE = '-----BEGIN X-----\nAQI=\n-----END X-----\n'

/** Label, bytes and line of each block. */
function blocks(input: string | Uint8Array): string[] {
  return decodePem(input).map((block) => `${block.label}: ${show(block.der)} (${block.line})`)
}

const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le')

describe('files as they come', () => {
  it.each([
    ['LF', ONE],
    ['CRLF', ONE.replaceAll('\n', '\r\n')],
    ['CR', ONE.replaceAll('\n', '\r')],
    ['no final line end', ONE.trimEnd()],
    ['white space at line ends', ONE.replaceAll('\n', ' \t\n')],
    [
      'no-break spaces, as pasted from a document',
      ONE.replaceAll('\n', '\u00a0\n').replace('AQ', 'AQ\u00a0'),
    ],
    ['indentation', ONE.replaceAll(/^/gm, '  \t')],
    ['blank lines inside', ONE.replaceAll('\n', '\n\n').trimStart()],
    ['a byte order mark', `\ufeff${ONE}`],
    ['one base64 character a line', ONE.replace('AQI=', 'A\nQ\nI\n=')],
    ['spaces inside the base64', ONE.replace('AQI=', 'A Q I =')],
  ])('takes %s', (_, text) => {
    expect(blocks(text)).toEqual(['X: 01 02 (1)'])
    expect(blocks(Buffer.from(text))).toEqual(['X: 01 02 (1)'])
  })

  it('takes UTF-16 with a byte order mark, either way round', () => {
    expect(blocks(utf16(ONE))).toEqual(['X: 01 02 (1)'])
    expect(blocks(utf16(ONE).swap16())).toEqual(['X: 01 02 (1)'])
    expect(blocks(utf16(ONE.replaceAll('\n', '\r\n')))).toEqual(['X: 01 02 (1)'])
  })

  it('takes half a byte order mark for text', () => {
    for (const start of [
      [0xff, 0x0a],
      [0x41, 0xfe, 0x0a],
      [0xfe, 0x0a],
      [0x41, 0xff, 0x0a],
    ])
      expect(blocks(Buffer.concat([Buffer.from(start), Buffer.from(ONE)]))).toEqual(['X: 01 02 (2)'])
  })

  it('finds several blocks among text, bag attributes and byte order marks', () => {
    const text = [
      'Bag Attributes',
      '    friendlyName: Иванов',
      'Key Attributes: <No Attributes>',
      '-----BEGIN A B-----',
      'AQ==',
      '-----END A B-----',
      '----- a line of dashes -----',
      'subject=CN = x-----BEGIN NOT THIS-----',
      `\ufeff${ONE}`,
      'end',
    ].join('\n')
    expect(blocks(text)).toEqual(['A B: 01 (4)', 'X: 01 02 (9)'])
    expect(blocks(text.replaceAll('\n', '\r\n'))).toEqual(['A B: 01 (4)', 'X: 01 02 (9)'])
  })

  it('gives none where there is no BEGIN mark', () => {
    for (const text of [
      '',
      '\n',
      'text',
      'AQI=',
      '-----END X-----',
      '-----BEGIN X',
      '----BEGIN X----',
      '-----BEGIN X----',
    ])
      expect(decodePem(text), text).toEqual([])
    expect(decodePem(new Uint8Array(0))).toEqual([])
    expect(decodePem(hex('3003020105'))).toEqual([])
  })

  it('takes labels of RFC 7468 section 3 only', () => {
    for (const label of ['X', 'X509 CRL', 'A-B', 'RSA PRIVATE KEY', '', '!~', 'A'.repeat(256)]) {
      expect(blocks(`-----BEGIN ${label}-----\nAQI=\n-----END ${label}-----`)).toEqual([
        `${label}: 01 02 (1)`,
      ])
    }
    for (const label of [' X', 'X ', 'A  B', 'A--B', '-A', 'Ключ', 'A\u00a0B', 'A'.repeat(257)]) {
      expect(decodePem(`-----BEGIN ${label}-----\nAQI=\n-----END ${label}-----`), label).toEqual([])
    }
  })

  it('reads RFC 1421 headers', () => {
    const text =
      '-----BEGIN X-----\r\nProc-Type: 4,ENCRYPTED\r\n DEK-Info:AES-256-CBC,00:11 \r\n\r\nAQI=\r\n-----END X-----'
    const [block] = decodePem(text)
    expect([...(block?.headers ?? [])]).toEqual([
      ['Proc-Type', '4,ENCRYPTED'],
      ['DEK-Info', 'AES-256-CBC,00:11'],
    ])
    expect(show(block?.der ?? hex(''))).toBe('01 02')
    expect(decodePem(ONE)[0]?.headers.size).toBe(0)
  })
})

describe('damaged blocks', () => {
  it.each([
    ['cut off', '\n\n-----BEGIN X-----\nAQI=\n', '-----END X----- is missing', 3],
    ['cut off in the END mark', '-----BEGIN X-----\nAQI=\n-----END X', 'line 3 should be -----END X-----', 1],
    [
      'another label at the end',
      '-----BEGIN X-----\nAQI=\n-----END Y-----',
      'line 3 should be -----END X-----',
      1,
    ],
    ['a block in a block', `-----BEGIN Y-----\n${ONE}-----END Y-----`, 'line 2 should be -----END Y-----', 1],
    ['the second block', `${ONE}-----BEGIN Y-----\nAQ\n-----END Y-----`, 'the base64 is damaged', 4],
    ['empty', '-----BEGIN X-----\n-----END X-----', 'the block is empty', 1],
    ['blank', '-----BEGIN X-----\n \n\n-----END X-----', 'the block is empty', 1],
    ['headers alone', '-----BEGIN X-----\nA: b\n-----END X-----', 'the block is empty', 1],
    [
      'no empty line behind headers',
      '-----BEGIN X-----\nA: b\nAQI=\n-----END X-----',
      'malformed header lines',
      1,
    ],
    [
      'a header without a name',
      '-----BEGIN X-----\n: b\n\nAQI=\n-----END X-----',
      'malformed header lines',
      1,
    ],
    ['a character of another alphabet', ONE.replace('AQI=', 'AQ_='), 'the base64 is damaged', 1],
    ['a comment inside', ONE.replace('AQI=', '# key\nAQI='), 'the base64 is damaged', 1],
    ['a missing character', ONE.replace('AQI=', 'AQI'), 'the base64 is damaged', 1],
    ['padding in the middle', ONE.replace('AQI=', 'AQ==AQI='), 'the base64 is damaged', 1],
    ['pad bits that are set', ONE.replace('AQI=', 'AQJ='), 'the base64 is damaged', 1],
    ['a zero-width space', ONE.replace('AQI=', 'AQ\u200bI='), 'the base64 is damaged', 1],
  ])('refuses: %s', (_, text, message, line) => {
    expect(pemFailure(() => decodePem(text))).toEqual({ message: expect.stringContaining(message), line })
    const crlf = text.replaceAll('\n', '\r\n')
    expect(pemFailure(() => decodePem(crlf))).toEqual({ message: expect.stringContaining(message), line })
  })

  it('has a code and a hint, and does not repeat the content, which may be a key', () => {
    const outcome = (): unknown => decodePem(ONE.replace('AQI=', 'SECRET*'))
    expect(outcome).toThrow(PemError)
    expect(outcome).toThrow(expect.objectContaining({ code: 'ERR_PEM_MALFORMED', hint: expect.any(String) }))
    expect(outcome).not.toThrow(/SECRET/)
  })

  it('wants characters or bytes', () => {
    for (const input of [undefined, null, 5, [45]]) expect(() => decodePem(input as never)).toThrow(TypeError)
  })
})

describe('base64', () => {
  it('comes back, and agrees with Buffer', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const text = encodeBase64(bytes)
        expect(text).toBe(Buffer.from(bytes).toString('base64'))
        expect(decodeBase64(text)).toEqual(bytes)
      }),
    )
  })

  it('is taken in one form only', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ABf/+9=='), maxLength: 12 }), (text) => {
        const bytes = decodeBase64(text)
        if (bytes !== undefined) expect(encodeBase64(bytes)).toBe(text)
      }),
      { numRuns: 2000 },
    )
    for (const text of [
      'A',
      'AA',
      'AAA',
      '=',
      '====',
      'A===',
      'AB==',
      'AAB=',
      'AAAA=',
      'AA-_',
      'AAAA\u00a0',
      '{}{}',
    ])
      expect(decodeBase64(text), text).toBeUndefined()
    expect(decodeBase64('')).toHaveLength(0)
    expect(decodeBase64(' \t\r\n')).toHaveLength(0)
  })

  it('encodes the view, not the buffer behind it', () => {
    expect(encodeBase64(hex('ff0102ff').subarray(1, 3))).toBe('AQI=')
  })

  it('gives bytes of their own, not of a shared pool', () => {
    const bytes = decodeBase64('AQI=') as Uint8Array
    expect(bytes.buffer.byteLength).toBe(2)
    expect(Buffer.isBuffer(bytes)).toBe(false)
  })
})

describe('encodePem', () => {
  it.each([1, 47, 48, 49, 96, 97, 1000])(
    'writes %d bytes in lines of 64 characters (RFC 7468 section 3)',
    (length) => {
      const bytes = new Uint8Array(length).map((_, i) => i)
      const lines = encodePem('CMS', bytes).split('\n')
      expect(lines[0]).toBe('-----BEGIN CMS-----')
      expect(lines.slice(-2)).toEqual(['-----END CMS-----', ''])
      const body = lines.slice(1, -2)
      expect(body.slice(0, -1).every((line) => line.length === 64)).toBe(true)
      expect(body.at(-1)).toMatch(/^.{1,64}$/)
      expect(decodePem(lines.join('\n'))[0]?.der).toEqual(bytes)
    },
  )

  it('refuses labels that are none, and no bytes', () => {
    for (const label of [' X', 'X ', 'A  B', 'A\nB', '-', 'Ж', 'A'.repeat(257)])
      expect(() => encodePem(label, hex('01')), label).toThrow(TypeError)
    expect(() => encodePem('X', new Uint8Array(0))).toThrow(TypeError)
    expect(() => encodePem('X', 'AQ==' as never)).toThrow(TypeError)
  })
})

describeShared('../shared/vectors/pkcs12/pem-malformed', () => {
  const folder = shared('vectors', 'pkcs12', 'pem-malformed')
  // What is not listed is no damage to PEM itself: text without a mark, or blocks whose content is wrong.
  const damaged: Record<string, string> = {
    'bad-base64.pem': 'the base64 is damaged',
    'dek-no-blank.pem': 'malformed header lines',
    'empty-body.pem': 'the block is empty',
    'label-mismatch.pem': 'line 21 should be -----END CERTIFICATE-----',
    'nested-begin.pem': 'line 2 should be -----END CERTIFICATE-----',
    'no-end.pem': '-----END CERTIFICATE----- is missing',
    'pad-middle.pem': 'the base64 is damaged',
    'redos-begin-full.pem': 'line 2 should be -----END CERTIFICATE-----',
    'redos-headers.pem': '-----END RSA PRIVATE KEY----- is missing',
    'truncated-body.pem': 'the base64 is damaged',
  }
  const none = ['base64-no-armor', 'dashes', 'der', 'double-space', 'lowercase', 'nul-bytes', 'redos-begin']
  none.push('redos-spaces', 'unicode-dashes', 'zwsp')

  it.each(readdirSync(folder).filter((name) => name.endsWith('.pem')))('%s', (file) => {
    const decode = (): number => decodePem(readFileSync(`${folder}/${file}`)).length
    const message = damaged[file]
    if (message !== undefined)
      expect(pemFailure(decode)).toMatchObject({ message: expect.stringContaining(message), line: 1 })
    else if (none.includes(file.replace('.pem', ''))) expect(decode()).toBe(0)
    else expect(decode()).toBeGreaterThan(0)
  })
})
