/** Token tester and API caller in the browser, against the simulator of MOEX, with a key in a file. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type MoexSimulator, startMoexSimulator } from '../../../apps/simulator/index.ts'
import { describeWith, tempDir } from '../../support/tools.ts'
import { axe, field, openPage, shot } from './support/page.ts'

const LOGIN = 'jane@bank.example'
const PASSWORD = 'correct horse battery'
const CLIENT_SECRET = 'of the application alone'

let moex: MoexSimulator
let key: string
let certificate: string
let ca: string
let file: string
beforeAll(async () => {
  moex = await startMoexSimulator()
  const { keyPem, certificatePem } = await moex.issueUser({ login: LOGIN, password: PASSWORD })
  moex.addClient({ clientId: 'bank-app', clientSecret: CLIENT_SECRET })
  const folder = tempDir()
  const write = (name: string, content: string): string => {
    const path = join(folder, name)
    writeFileSync(path, content, { mode: 0o600 })
    return path
  }
  key = write('key.pem', keyPem)
  certificate = write('cert.pem', certificatePem)
  ca = write('ca.pem', moex.ca)
  write('password', PASSWORD)
  file = write(
    'sealkit.toml',
    [
      '[profiles.exchange]',
      'platform = "moex"',
      `passport-url = "${moex.passportUrl}"`,
      `token-url = "${moex.tokenUrl}"`,
      `api-origins = "${new URL(moex.apiUrl).origin}"`,
      `login = "${LOGIN}"`,
      'password = { file = "password" }',
      'client-id = "bank-app"',
      'client-secret = { prompt = true }',
      'scope = "client_registration"',
      'key = "key.pem"',
      'certificate = "cert.pem"',
      'ca = "ca.pem"',
      'proxy = "none"',
    ].join('\n'),
  )
})
afterAll(() => moex?.[Symbol.asyncDispose]())

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
const card = (page: Page, name: string) => page.getByRole('region', { name, exact: true })

describeWith('chromium', 'the token tester with MOEX', () => {
  it('signs with the key chosen, gets a token, and calls an API', async () => {
    await using shown = await openPage()
    const { page } = shown
    await page.getByRole('radio', { name: 'MOEX' }).check({ force: true })
    await field(page, 'Key file, or URI of a key in a token').fill(key)
    await field(page, 'Certificate file').fill(certificate)
    await field(page, 'CA certificates of the server').fill(ca)
    await page.getByText('Proxy and more').locator('visible=true').click()
    await field(page, 'Proxy').fill('none')
    await press(page, 'Look at it')
    await page.getByText('The credential opens.').waitFor()
    expect(await card(page, 'Credential').innerText()).toContain('days left')

    await field(page, 'Passport address').fill(moex.passportUrl)
    await field(page, 'Token address').fill(moex.tokenUrl)
    await field(page, 'Servers that may get the token').fill(new URL(moex.apiUrl).origin)
    await field(page, 'Login').fill(LOGIN)
    await field(page, 'Password').fill('wrong')
    await field(page, 'Client ID').fill('bank-app')
    await field(page, 'Client secret').fill(CLIENT_SECRET)
    await press(page, 'Request token')
    await page.getByText('ERR_AUTH_PASSPORT_DENIED').waitFor()
    expect(await field(page, 'Password').getAttribute('aria-invalid')).toBe('true')
    expect(await axe(page)).toEqual([])
    await shot(page, 'moex-refused')

    await field(page, 'Password').fill(PASSWORD)
    await press(page, 'Request token')
    await page.getByText('There is a token').waitFor()
    await card(page, 'Access token').getByText('The exchange').click()
    const text = await card(page, 'Access token').innerText()
    for (const secret of [PASSWORD, CLIENT_SECRET]) expect(text).not.toContain(secret)
    expect(text).toContain('client_registration')

    await field(page, 'API server').fill(new URL(moex.apiUrl).origin)
    await field(page, 'API endpoint').fill(`${new URL(moex.apiUrl).pathname}/me`)
    await press(page, 'Call API')
    await card(page, 'API call').getByText('Answer 200').waitFor()
    expect(await axe(page)).toEqual([])
    await shot(page, 'moex')
  })

  it('asks for the one secret that the profile does not have', async () => {
    await using shown = await openPage({ file })
    const { page } = shown
    await page.getByText('The credential opens.').waitFor()
    expect(await field(page, 'Login').inputValue()).toBe(LOGIN)
    await press(page, 'Request token')
    expect(await field(page, 'Client secret').getAttribute('aria-invalid')).toBe('true')
    expect(await field(page, 'Password').getAttribute('aria-invalid')).toBeNull()
    await field(page, 'Client secret').fill(CLIENT_SECRET)
    await press(page, 'Request token')
    await page.getByText('There is a token').waitFor()
  })

  it('says that a key does not open', async () => {
    await using shown = await openPage()
    const { page } = shown
    await page.getByRole('radio', { name: 'MOEX' }).check({ force: true })
    await field(page, 'Key file, or URI of a key in a token').fill('/nowhere/key.pem')
    await press(page, 'Look at it')
    await page.getByText('That did not work').waitFor()
    expect(await field(page, 'Key file, or URI of a key in a token').getAttribute('aria-invalid')).toBe(
      'true',
    )
  })
})
