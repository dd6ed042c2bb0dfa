import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findClearstreamCredentials } from '../../../src/auth/index.ts'
import { CredentialError } from '../../../src/errors.ts'
import { tempDir } from '../../support/tools.ts'

function folderOf(...names: string[]): string {
  const folder = tempDir()
  for (const name of names) writeFileSync(join(folder, name), 'not read', { mode: 0o600 })
  return folder
}

async function errorOf(promise: Promise<unknown>): Promise<CredentialError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof CredentialError)) throw new Error('no CredentialError', { cause: error })
  expect(error.hint).toMatch(/^[a-z]/)
  return error
}

const USER = 'a000012345_00012345'
const OTHER = 'stb2_01014172_1000000'

describe('the files of an API consumer', () => {
  it('are found by their names', async () => {
    const names = ['ssl', 'signing', 'cacert'].map((type) => `ocapi-${USER}-${type}.pem`)
    const folder = folderOf(...names, 'notes.txt')
    const [tls, signing, ca] = names.map((name) => join(folder, name))
    expect(await findClearstreamCredentials(folder)).toEqual({
      username: USER,
      tls,
      signing,
      ca,
      warnings: [],
    })
  })

  it('need no more than the one for mutual TLS', async () => {
    const folder = folderOf(`ocapi-${USER}-ssl.p12`)
    const tls = join(folder, `ocapi-${USER}-ssl.p12`)
    const nothing = { signing: undefined, ca: undefined, warnings: [] }
    expect(await findClearstreamCredentials(folder)).toEqual({ username: USER, tls, ...nothing })
  })

  it('PEM comes before PKCS#12, and requests and keys do not count', async () => {
    const folder = folderOf(...['p12', 'pem', 'csr', 'key'].map((type) => `ocapi-${USER}-ssl.${type}`))
    expect((await findClearstreamCredentials(folder)).tls).toBe(join(folder, `ocapi-${USER}-ssl.pem`))
  })

  it('the CA certificates may have the name of their download', async () => {
    const folder = folderOf(`ocapi-${USER}-ssl.pem`, `ocapi-${OTHER}-cacert.pem`, 'server-cert-cacerts.pem')
    expect((await findClearstreamCredentials(folder)).ca).toBe(join(folder, 'server-cert-cacerts.pem'))
  })

  it('of several users are told, and chosen by the user name', async () => {
    const folder = folderOf(`ocapi-${USER}-ssl.pem`, `ocapi-${OTHER}-ssl.pem`, `ocapi-${OTHER}-signing.p12`)
    const error = await errorOf(findClearstreamCredentials(folder))
    expect(error.code).toBe('ERR_CREDENTIAL_AMBIGUOUS')
    expect(error.message).toContain(`${USER}, ${OTHER}`)
    expect(await findClearstreamCredentials(folder, { username: OTHER })).toMatchObject({
      username: OTHER,
      tls: join(folder, `ocapi-${OTHER}-ssl.pem`),
      signing: join(folder, `ocapi-${OTHER}-signing.p12`),
    })
    expect((await findClearstreamCredentials(folder, { username: USER })).signing).toBeUndefined()
  })

  it('a second copy of a file is not guessed about', async () => {
    const folder = folderOf(`ocapi-${USER}-ssl.pem`, `ocapi-${USER}-ssl (1).pem`)
    const error = await errorOf(findClearstreamCredentials(folder))
    expect(error.code).toBe('ERR_CREDENTIAL_AMBIGUOUS')
    expect(error.message).toContain(`ocapi-${USER}-ssl (1).pem, ocapi-${USER}-ssl.pem`)
  })

  it.each([
    [[], 'it is empty'],
    [[`ocapi-${USER}-signing.pem`], `it holds ocapi-${USER}-signing.pem`],
    [['a\u001b[31m.pem'], 'it holds a\\u{1b}[31m.pem'],
    [Array.from({ length: 12 }, (_, index) => `${index}.txt`), 'and 2 more'],
  ])('that are not there: %j', async (names, seen) => {
    const error = await errorOf(findClearstreamCredentials(folderOf(...names)))
    expect(error.code).toBe('ERR_CREDENTIAL_NOT_FOUND')
    expect(error.message).toContain(seen)
  })

  it('of a user who is not there', async () => {
    const folder = folderOf(`ocapi-${USER}-ssl.pem`)
    const error = await errorOf(findClearstreamCredentials(folder, { username: USER.toUpperCase() }))
    expect(error.code).toBe('ERR_CREDENTIAL_NOT_FOUND')
    expect(error.message).toContain(`ocapi-${USER.toUpperCase()}-ssl.pem`)
  })

  it('a folder of that name is none of them', async () => {
    const folder = folderOf()
    mkdirSync(join(folder, `ocapi-${USER}-ssl.pem`))
    expect((await errorOf(findClearstreamCredentials(folder))).code).toBe('ERR_CREDENTIAL_NOT_FOUND')
  })

  it('a folder that is missing, or is none', async () => {
    const folder = folderOf('file')
    const missing = await errorOf(findClearstreamCredentials(join(folder, 'nowhere')))
    expect(missing.code).toBe('ERR_CREDENTIAL_NOT_FOUND')
    const file = await errorOf(findClearstreamCredentials(join(folder, 'file')))
    expect(file.code).toBe('ERR_CREDENTIAL_UNREADABLE')
  })

  it.runIf(process.platform !== 'win32')('that others can read are warned of', async () => {
    const names = ['ssl', 'signing', 'cacert'].map((type) => `ocapi-${USER}-${type}.pem`)
    const folder = folderOf(...names)
    for (const name of names) chmodSync(join(folder, name), 0o644)
    const { tls, signing, warnings } = await findClearstreamCredentials(folder)
    expect(warnings).toEqual([tls, signing].map((path) => expect.stringContaining(`chmod 600 ${path}`)))
    expect(warnings[0]).toContain('mode 0644')
  })
})
