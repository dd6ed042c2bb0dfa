import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { validScopes } from '../../../src/auth/clearstream/valid-scopes.ts'

function found(text: string): string[] {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {}
  return validScopes({ json, text })
}

const AB = ['allow', 'ocapi-playground-v1']

describe('valid scopes', () => {
  it.each([
    '{"valid_scopes":["allow","ocapi-playground-v1"]}',
    '{"validScopes":"allow ocapi-playground-v1"}',
    '{"status":400,"details":{"scopes":["allow","ocapi-playground-v1","allow"]},"invalid_scopes":["x-y"]}',
    '{"error":"invalid_scope","allowed_scopes":[{"scope":"allow"},{"scope":"ocapi-playground-v1"}]}',
    '{"error":"invalid_scope","error_description":"Unknown/invalid scope(s): [x-y]. Valid scopes: [allow, ocapi-playground-v1]"}',
    '{"error_description":"Invalid scope x-y; valid scopes are: allow ocapi-playground-v1. Ask for these."}',
    '{"message":"Supported scope(s) = \\"allow\\", \\"ocapi-playground-v1\\""}',
    '["valid scopes: allow ocapi-playground-v1"]',
    'Valid scopes:\n - allow\n - ocapi-playground-v1\n\nSee the guide.',
    'Valid scopes: allow ocapi-playground-v1 (see the guide)',
    'VALID SCOPES (allow|ocapi-playground-v1)',
    'The scope x-y is invalid. Allowed scopes are the following: allow and ocapi-playground-v1',
    '<p>Valid scopes: allow ocapi-playground-v1</p><p>bye</p>',
  ])('%s', (text) => {
    expect(found(text)).toEqual(AB)
  })

  it.each([
    '',
    'null',
    '1',
    '"allow"',
    '{}',
    '{"error":"invalid_scope"}',
    '{"invalid_scopes":["x-y"],"requested_scopes":"a b","unknown_scope":"c"}',
    'The requested scope is invalid: x-y',
    'invalid scopes: x-y',
  ])('none in %s', (text) => {
    expect(found(text)).toEqual([])
  })

  it('are limited in number, length and characters', () => {
    const many = Array.from({ length: 1000 }, (_, index) => `scope-${index}`)
    expect(found(JSON.stringify({ scopes: many }))).toHaveLength(200)
    expect(found(JSON.stringify({ scopes: ['a'.repeat(101), 'a\u001b', 'ä', 'ok'] }))).toEqual(['ok'])
    let deep: unknown = { scopes: ['deep'] }
    for (let level = 0; level < 50; level++) deep = { a: deep }
    expect(validScopes({ json: deep, text: '' })).toEqual([])
  })

  it('whatever comes, they are scopes', () => {
    const scope = /^[\w.:/+-]{1,100}$/
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string({ unit: 'binary' })), (text) => {
        for (const each of found(`Valid scopes: ${text}`)) expect(each).toMatch(scope)
        for (const each of found(text)) expect(each).toMatch(scope)
      }),
    )
  })

  it('64 KiB of repetition come to an end', () => {
    for (const piece of [
      'valid scopes ',
      'valid scopes: [',
      'allowed-',
      '(',
      'valid scope(s) is',
      'valid scopes: ...',
    ]) {
      expect(
        found(`${piece.repeat(Math.ceil(65_536 / piece.length))}${piece.at(-1)?.repeat(65_536)}x`).length,
      ).toBeLessThanOrEqual(200)
    }
  })
})
