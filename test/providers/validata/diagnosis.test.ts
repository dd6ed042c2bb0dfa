/** What tools say: in which encoding, what it means, and what of it may be repeated. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeText } from '../../../providers/validata/diagnosis/decode-text.ts'
import { spokenBy } from '../../../providers/validata/diagnosis/diagnose.ts'
import { FINDINGS } from '../../../providers/validata/diagnosis/findings.ts'
import { redactor } from '../../../providers/validata/diagnosis/redact.ts'

/** Node only reads these encodings. */
function encode(text: string, label: string): Uint8Array {
  const table = new TextDecoder(label).decode(Uint8Array.from({ length: 256 }, (_, i) => i))
  return Uint8Array.from(text, (letter) => table.indexOf(letter))
}

describe('decodeText', () => {
  const texts = [
    'Ошибка',
    'Профиль не найден',
    'НЕ НАЙДЕН КЛЮЧЕВОЙ НОСИТЕЛЬ',
    'Error 0x80090016: Набор ключей не существует',
    'Срок действия сертификата истёк 01.02.2026 (ООО «Ромашка»)',
    'Ещё не задан файл C:\\Users\\Иванов\\token',
    'да',
  ]

  it.each(texts)('tells CP866 and CP1251 apart: %s', (text) => {
    const oem = text.replace(/[«»]/g, '"')
    expect(decodeText(encode(oem, 'ibm866'))).toEqual({ text: oem, encoding: 'CP866' })
    expect(decodeText(encode(text, 'windows-1251'))).toEqual({ text, encoding: 'CP1251' })
    expect(decodeText(Buffer.from(text))).toEqual({ text, encoding: 'UTF-8' })
  })

  it('reads UTF-16 by its mark, and English as UTF-8', () => {
    const bytes = Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from('Ошибка', 'utf16le')])
    expect(decodeText(bytes)).toEqual({ text: 'Ошибка', encoding: 'UTF-16' })
    expect(decodeText(Buffer.from('Error'))).toEqual({ text: 'Error', encoding: 'UTF-8' })
    expect(decodeText(new Uint8Array())).toEqual({ text: '', encoding: 'UTF-8' })
  })

  it('reads every bytes there are', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void decodeText(bytes)))
  })
})

describe('spokenBy', () => {
  const bytes = (text: string) => new TextEncoder().encode(text)
  const plain = (text: string) => text

  it('puts the log first, leaves out what says that all is well, and what is said twice', () => {
    const words = { log: bytes('bad\r\n'), stderr: bytes('ok (00000000)\nbad\n'), stdout: bytes('more') }
    expect(spokenBy(words, plain)).toBe('bad / more')
  })

  it('drives no terminal', () => {
    const words = { log: undefined, stderr: bytes('\x1b[2Jx\u202e'), stdout: bytes('') }
    expect(spokenBy(words, plain)).toBe('\\u{1b}[2Jx\\u{202e}')
  })
})

describe('redactor', () => {
  const token = 'SAMPLE.Kq3vT9xWb2nR5yL8mZ1cF4hJ7dG0aSpEuOiQ'
  const redact = redactor(new TextEncoder().encode(token), {
    API_TOKEN: 'env-secret',
    VALIDATA_PIN: '1234',
    LANG: 'ru_RU',
  })

  it.each([
    [`signed ${token}.`, 'signed [removed]'],
    [`signed "${token.slice(5, 20)}..."`, 'signed [removed]'],
    [`data ${Buffer.from(token).toString('hex')} end`, 'data [removed] end'],
    [`data ${Buffer.from(token).toString('hex').toUpperCase()} end`, 'data [removed] end'],
    [`data ${Buffer.from(token).toString('base64')}`, 'data [removed]'],
    ['-password hunter2 -sign', '-password [removed] -sign'],
    ['Пароль: "мой пароль" неверен', 'Пароль: [removed] неверен'],
    ['PIN=99 wrong', 'PIN=[removed] wrong'],
    ['пин-код: 77', 'пин-код: [removed]'],
    ['env-secret and 1234', '[removed] and [removed]'],
    ['Профиль ru_RU не найден', 'Профиль ru_RU не найден'],
  ])('%s', (text, safe) => expect(redact(text)).toBe(safe))

  it('leaves no eight characters of the content in a row', () => {
    const letters = fc.string({ minLength: 8, maxLength: 40, unit: fc.constantFrom(...'abcXYZ019._-') })
    fc.assert(
      fc.property(
        letters,
        fc.nat(40),
        fc.nat(40),
        fc.string(),
        fc.string(),
        (content, from, length, a, b) => {
          const piece = content.slice(from, from + Math.max(8, length))
          if (piece.length < 8) return
          const safe = redactor(new TextEncoder().encode(content), {})(`${a}${piece}${b}`)
          expect(safe).not.toContain(piece)
        },
      ),
    )
  })
})

describe('the table of findings', () => {
  it('has patterns that are quick on long texts', () => {
    const long = `${'сертификат ключ носитель не найден '.slice(0, 10).repeat(6000)}!`
    for (const { patterns } of FINDINGS) for (const pattern of patterns) pattern.test(long)
  })
})
