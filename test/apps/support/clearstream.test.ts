/** Token tester and API caller in the browser, against the simulator of Clearstream. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWith } from '../../support/tools.ts'
import { type Clearstream, KEY_PASSWORD, PASSWORD, startClearstream, USER } from './support/clearstream.ts'
import { axe, field, openPage, shot } from './support/page.ts'

let clearstream: Clearstream
beforeAll(async () => {
  clearstream = await startClearstream()
})
afterAll(() => clearstream?.[Symbol.asyncDispose]())

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
const card = (page: Page, name: string) => page.getByRole('region', { name, exact: true })

async function nameFiles(page: Page, certificate = clearstream.certificate): Promise<void> {
  await field(page, 'Certificate file').fill(certificate)
  await field(page, 'CA certificates of the server').fill(clearstream.ca)
  await page.getByText('Proxy and more').locator('visible=true').click()
  await field(page, 'Proxy').fill('none')
}

async function logIn(page: Page, password = PASSWORD): Promise<void> {
  await field(page, 'Token server').fill(clearstream.simulator.url)
  await field(page, 'API consumer ID').fill(USER)
  await field(page, 'Password').fill(password)
  await press(page, 'Request token')
}

/** A token out of the profile, which knows everything. */
async function withToken(page: Page): Promise<void> {
  await page.getByText('The credential opens.').waitFor()
  await press(page, 'Request token')
  await page.getByText('There is a token').waitFor()
}

describeWith('chromium', 'the token tester with Clearstream', () => {
  it('shows whose certificate it is before anything is sent', async () => {
    await using shown = await openPage()
    const { page } = shown
    const before = clearstream.simulator.requests.length
    await nameFiles(page)
    await press(page, 'Look at it')
    await page.getByText('The credential opens.').waitFor()
    const text = await card(page, 'Credential').innerText()
    expect(text).toContain(`CN=${USER}`)
    expect(text).toMatch(/7\d\d days left/)
    // Its CN must be the user: it is filled in.
    expect(await field(page, 'API consumer ID').inputValue()).toBe(USER)
    expect(clearstream.simulator.requests.length).toBe(before)
  })

  it('says beside the field that a file is not there, and asks for what is missing', async () => {
    await using shown = await openPage()
    const { page } = shown
    await press(page, 'Look at it')
    const certificate = field(page, 'Certificate file')
    expect(await described(page, 'Certificate file')).toBe('This is needed.')
    expect(await certificate.evaluate((input) => input === input.ownerDocument.activeElement)).toBe(true)
    await certificate.fill('/nowhere/ssl.pem')
    expect(await certificate.getAttribute('aria-invalid')).toBeNull()
    await press(page, 'Look at it')
    await page.getByText('ERR_CREDENTIAL').first().waitFor()
    expect(await described(page, 'Certificate file')).toContain('/nowhere/ssl.pem')
    await shot(page, 'token-file-not-there')
  })

  it('opens a P12 with its password, and says when that is wrong', async () => {
    await using shown = await openPage()
    const { page } = shown
    await nameFiles(page, clearstream.p12)
    await field(page, 'Password of the key').fill('wrong')
    await press(page, 'Look at it')
    await page.getByText('That did not work').waitFor()
    expect(await field(page, 'Password of the key').getAttribute('aria-invalid')).toBe('true')
    await field(page, 'Password of the key').fill(KEY_PASSWORD)
    await press(page, 'Look at it')
    await page.getByText('The credential opens.').waitFor()
    await logIn(page)
    await page.getByText('There is a token').waitFor()
  })

  it('gets a token: type, token, refresh token, scopes, expiry with countdown, claims', async () => {
    await using shown = await openPage({ context: { permissions: ['clipboard-read', 'clipboard-write'] } })
    const { page } = shown
    await nameFiles(page)
    await logIn(page)
    await page.getByText('There is a token').waitFor()
    const token = card(page, 'Access token')
    const timer = token.getByRole('timer')
    const first = await timer.innerText()
    expect(first).toMatch(/^59 min \d+ s left$|^1 h 0 min left$/)
    await expect.poll(() => timer.innerText()).not.toBe(first)
    const text = await token.innerText()
    for (const part of ['Bearer', 'allow', 'ocapi-playground-v1', 'Token scopes'])
      expect(text).toContain(part)

    const secret = token.getByText(/^eyJ/)
    expect(await secret.innerText()).toHaveLength(13)
    await press(page, 'Show Access token')
    const whole = await secret.innerText()
    expect(whole.split('.')).toHaveLength(3)
    await press(page, 'Copy Access token')
    await page.getByText('Copied').first().waitFor()
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(whole)

    await token.getByText('Claims').click()
    expect(await token.innerText()).toContain('The signature is not verified')
    expect(await token.getByText(/^sub$/).locator('..').innerText()).toContain(USER)
    expect(await axe(page)).toEqual([])
    await shot(page, 'token')
  })

  it('says why a login was refused, and keeps what was typed', async () => {
    await using shown = await openPage()
    const { page } = shown
    await nameFiles(page)
    await logIn(page, 'wrong password')
    await page.getByText('That did not work').waitFor()
    expect(await described(page, 'Password')).toContain('status 403')
    expect(await card(page, 'Access token').innerText()).toContain("OU's audit log in Xact")
    expect(
      await field(page, 'Password').evaluate((input) => input === input.ownerDocument.activeElement),
    ).toBe(true)
    await card(page, 'Access token').getByText('What happened').click()
    const text = await card(page, 'Access token').innerText()
    expect(text).toContain('POST /authmanager/oauth2/access_token')
    expect(text).not.toContain('wrong password')
    expect(text).not.toContain('wrong+password')
    expect(await axe(page)).toEqual([])
    await shot(page, 'token-refused')
    await field(page, 'Password').fill(PASSWORD)
    await press(page, 'Request token')
    await page.getByText('There is a token').waitFor()
  })

  it('takes the scopes that the server says are valid', async () => {
    await using shown = await openPage()
    const { page } = shown
    await nameFiles(page)
    await field(page, 'Scopes').fill('allow ocapi-nothing-v1')
    await logIn(page)
    await page.getByText('Scopes that are valid:').waitFor()
    expect(await field(page, 'Scopes').getAttribute('aria-invalid')).toBe('true')
    await shot(page, 'token-scope')
    await press(page, 'Use these')
    expect(await field(page, 'Scopes').inputValue()).toContain('ocapi-playground-v1')
    await press(page, 'Request token')
    await page.getByText('There is a token').waitFor()
  })

  it('counts down to the end, and says so', async () => {
    await using short = await startClearstream(2)
    await using shown = await openPage({ file: short.file, profile: 'trial' })
    const { page } = shown
    await withToken(page)
    await page.getByRole('timer').filter({ hasText: 'expired' }).waitFor()
    await page
      .getByRole('status')
      .filter({ hasText: 'The access token has expired.' })
      .waitFor({ state: 'attached' })
  })

  it('has everything from a profile, verifies the token, and says which endpoint there is not', async () => {
    await using shown = await openPage({ file: clearstream.file, profile: 'trial' })
    const { page, requests } = shown
    await withToken(page)
    await card(page, 'Access token').getByText('Claims').click()
    expect(await card(page, 'Access token').innerText()).toContain('The signature was verified')
    // Nobody typed it, and the page never sees it.
    expect(requests.map(({ body }) => body).join()).not.toContain(PASSWORD)
    await field(page, 'Token endpoint').fill('/nowhere')
    await press(page, 'Request token')
    await page.getByText('That did not work').waitFor()
    expect(await card(page, 'Access token').innerText()).toContain('/nowhere')
  })
})

describeWith('chromium', 'the API caller with Clearstream', () => {
  it('calls: status, time, headers, body', async () => {
    await using shown = await openPage({ file: clearstream.file, profile: 'trial' })
    const { page } = shown
    await withToken(page)
    const panel = card(page, 'API call')
    await press(page, 'Call API')
    await panel.getByText('Answer 200 OK after').waitFor()
    await panel.getByText('Answer headers').click()
    const text = await panel.innerText()
    expect(text).toMatch(/"info_str": "Welcome to OCAPI Playground API/)
    expect(text).toMatch(/Time\s+\d+ ms/)
    expect(text).toContain('content-type')
    expect(await axe(page)).toEqual([])
    await shot(page, 'call')

    await field(page, 'API endpoint').fill('/playground/v1/echo')
    await field(page, 'Query parameters').fill('value=Gr%C3%BC%C3%9Fe')
    await press(page, 'Call API')
    await panel.getByText('Grüße').first().waitFor()
    const save = page.waitForEvent('download')
    await press(page, 'Save body')
    expect((await save).suggestedFilename()).toBe('answer.json')
  })

  it('sends a body and headers', async () => {
    await using shown = await openPage({ file: clearstream.file, profile: 'trial' })
    const { page } = shown
    await withToken(page)
    await field(page, 'API endpoint').fill('/playground/v1/echo')
    expect(await field(page, 'Request body').isDisabled()).toBe(true)
    await field(page, 'Method').selectOption('POST')
    await field(page, 'Request body').fill('{"a":1}')
    const headers = field(page, 'Request headers')
    await headers.fill('Content-Type: application/json\nno header')
    await press(page, 'Call API')
    expect(await described(page, 'Request headers')).toBe('Line 2 is not “Name: value”.')
    await headers.fill('Authorization: Bearer mine')
    await press(page, 'Call API')
    await page.getByText('Authorization is made by itself').first().waitFor()
    await headers.fill('Content-Type: application/json')
    await press(page, 'Call API')
    await card(page, 'API call')
      .getByText(/^Answer \d{3}/)
      .waitFor()
    expect(clearstream.simulator.requests.at(-1)).toMatchObject({
      method: 'POST',
      path: '/playground/v1/echo',
    })
  })

  it('explains a refusal, and sends the token nowhere else', async () => {
    await using shown = await openPage({ file: clearstream.file, profile: 'trial' })
    const { page } = shown
    await press(page, 'Call API')
    await card(page, 'API call').getByText('Request a token first.').waitFor()
    await withToken(page)
    await field(page, 'API endpoint').fill('/reporting/v1/positions')
    await press(page, 'Call API')
    await card(page, 'API call').getByText('Answer 403').waitFor()
    await card(page, 'API call').getByText('Scopes that the call needs:').waitFor()
    await shot(page, 'call-forbidden')
    const before = clearstream.simulator.requests.length
    await field(page, 'API server').fill(clearstream.simulator.url.replace('localhost', '127.0.0.1'))
    await press(page, 'Call API')
    await page.getByText('ERR_AUTH_ORIGIN').waitFor()
    expect(await field(page, 'API server').getAttribute('aria-invalid')).toBe('true')
    await field(page, 'API server').fill('http://localhost')
    await press(page, 'Call API')
    expect(await described(page, 'API server')).toBe('This must be an address that begins with https://.')
    expect(clearstream.simulator.requests.length).toBe(before)
  })

  it('says which phase failed where there is no server', async () => {
    await using shown = await openPage({ file: clearstream.file, profile: 'trial' })
    const { page } = shown
    await page.getByText('The credential opens.').waitFor()
    await field(page, 'Token server').fill('https://localhost:1')
    await press(page, 'Request token')
    await page.getByText('ERR_HTTP_CONNECT', { exact: true }).waitFor()
    expect(await field(page, 'Token server').getAttribute('aria-invalid')).toBe('true')
  })
})

describeWith(['chromium', 'curl'], 'the curl commands', () => {
  it('do what the page did, and hold no secret', async () => {
    await using shown = await openPage({ file: clearstream.file, profile: 'trial' })
    const { page } = shown
    await withToken(page)
    await press(page, 'Call API')
    await card(page, 'API call').getByText('Answer 200').waitFor()
    const [login = '', call = ''] = await page
      .locator('pre')
      .filter({ hasText: /^curl / })
      .evaluateAll((all) => all.map((each) => String(each.textContent)))
    expect(login + call).not.toContain(PASSWORD)
    expect(login + call).not.toContain('eyJ')
    const answered = await shell(login, { PASSWORD })
    const { access_token: ACCESS_TOKEN } = JSON.parse(answered) as { access_token: string }
    expect(JSON.parse(await shell(call, { ACCESS_TOKEN }))).toHaveProperty('info_str')
  })
})

/** What a command prints. Not spawnSync: the simulator is in this process. */
async function shell(command: string, variables: Readonly<Record<string, string>>): Promise<string> {
  const env = { PATH: process.env['PATH'], ...variables }
  return (await promisify(execFile)('sh', ['-c', `${command} --silent --noproxy '*'`], { env })).stdout
}

/** What is told beside a field. */
async function described(page: Page, label: string): Promise<string> {
  const id = await field(page, label).getAttribute('aria-describedby')
  return await page.locator(`#${id}`).innerText()
}
