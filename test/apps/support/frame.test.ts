/** The page around its views: the one-time address, sizes, colours, the keyboard. */
import { describe, expect, it } from 'vitest'
import { describeWith } from '../../support/tools.ts'
import { builtPage, filesOf } from './support/built-page.ts'
import { axe, field, openPage, shot } from './support/page.ts'
import { VIEWS } from './support/views.ts'

describe('the built page', () => {
  it('loads at most 60 kB at first, packed; the rest when it is needed', async () => {
    const files = filesOf(await builtPage())
    const html = files.find(({ name }) => name === 'index.html')
    const loaded = files.filter(({ name }) => name === 'index.html' || html?.text.includes(name))
    expect(loaded.map(({ name }) => name.replace(/^.*\./, '')).sort()).toEqual(
      expect.arrayContaining(['css', 'html', 'js']),
    )
    // The entry and what it imports at once, however deep, and the first view with what it imports.
    const first = new Set(loaded.map(({ name }) => name))
    for (const name of first) {
      const file = files.find((each) => each.name === name)
      const imports = file?.text.matchAll(/(?:from|import)\s*["'`]\.\/([^"'`]+\.js)["'`]/g) ?? []
      for (const [, other] of imports) first.add(`assets/${other}`)
    }
    for (const { name } of files) if (/\/tester-/.test(name)) first.add(name)
    const bytes = files.filter(({ name }) => first.has(name)).reduce((sum, { gzip }) => sum + gzip, 0)
    expect(bytes).toBeGreaterThan(5_000)
    expect(bytes).toBeLessThan(60 * 1024)
  })

  it('has nothing inline, which the policy forbids, and nothing from elsewhere', async () => {
    const files = filesOf(await builtPage())
    const html = files.find(({ name }) => name === 'index.html')?.text ?? ''
    expect(html).not.toMatch(/<script(?![^>]* src=)|<style|\son\w+=|style=|https?:|data:/)
    const styles = files
      .filter(({ name }) => name.endsWith('.css'))
      .map(({ text }) => text)
      .join()
    expect(styles).not.toMatch(/url\(|@import/)
  })
})

describeWith('chromium', 'the address', () => {
  it('works once: its token leaves the address, a reload goes on, another tab does not', async () => {
    await using shown = await openPage()
    const { page, server } = shown
    expect(page.url()).not.toContain('token')
    await page.reload()
    await page.getByRole('heading', { name: 'Token and API' }).waitFor()

    const other = await page.context().newPage()
    await other.goto(server.address)
    await other.getByText('Its address works once.').waitFor()
    expect(await axe(other)).toEqual([])
    await shot(other, 'closed')
    await other.goto('about:blank')
    await other.goto(server.origin)
    await other.getByText('Open it by the whole address').waitFor()
    expect(await other.getByRole('region').count()).toBe(0)
  })
})

describeWith('chromium', 'the frame', () => {
  it.each(['light', 'dark'] as const)(
    'has no barriers that axe finds, on any view: %s',
    async (colorScheme) => {
      await using shown = await openPage({ context: { colorScheme } })
      const { page } = shown
      const background = await page.evaluate('getComputedStyle(document.body).backgroundColor')
      expect(background).toBe(colorScheme === 'light' ? 'rgb(243, 246, 247)' : 'rgb(14, 23, 26)')
      for (const { id, title } of VIEWS) {
        await page.getByRole('link', { name: title }).click()
        await page.getByRole('heading', { level: 1, name: title }).waitFor()
        await page.locator(`#view-${id} .card`).first().waitFor()
        expect([id, await axe(page)]).toEqual([id, []])
        await shot(page, `${id}-${colorScheme}`)
      }
    },
  )

  it('fits a small screen', async () => {
    await using shown = await openPage({ context: { viewport: { width: 360, height: 740 } } })
    const { page } = shown
    for (const { id, title } of VIEWS) {
      await page.getByRole('link', { name: title }).click()
      await page.locator(`#view-${id} .card`).first().waitFor()
      const width = await page.evaluate<number>('document.documentElement.scrollWidth')
      expect([id, width <= 360]).toEqual([id, true])
      await shot(page, `${id}-small`)
    }
  })

  it('takes the colours that are chosen, and keeps them over a reload', async () => {
    await using shown = await openPage({ context: { colorScheme: 'light' } })
    const { page } = shown
    const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor')
    await field(page, 'Colours').selectOption('Dark')
    expect(await background()).toBe('rgb(14, 23, 26)')
    await page.reload()
    await page.getByRole('heading', { level: 1 }).first().waitFor()
    expect(await background()).toBe('rgb(14, 23, 26)')
    await field(page, 'Colours').selectOption('Light')
    expect(await background()).toBe('rgb(243, 246, 247)')
  })

  it('can be used by keyboard alone', async () => {
    await using shown = await openPage()
    const { page } = shown
    await field(page, 'Certificate file').waitFor()
    const focused = () =>
      page.evaluate<string>(`(() => {
        const { activeElement: e } = document
        return (e.labels?.[0] ?? e).textContent.replace(' *', '').trim()
      })()`)
    await page.keyboard.press('Tab')
    expect(await focused()).toBe('Skip to the content')
    await page.keyboard.press('Enter')
    expect(await page.evaluate('document.activeElement.id')).toBe('main')
    const seen: string[] = []
    for (let count = 0; count < 25; count++) {
      await page.keyboard.press('Tab')
      seen.push(await focused())
    }
    const order = [
      'Clearstream',
      'Where it is',
      'Certificate file',
      'Key file',
      'CA certificates of the server',
      'Password of the key',
      'Show',
      'Proxy and more',
      'Look at it',
      'Token server',
      'Token endpoint',
      'API consumer ID',
      'Password',
      'Show',
      'Scopes',
      'Request token',
      'API server',
      'Method',
      'API endpoint',
      'Query parameters',
      'Request headers',
      'Call API',
    ]
    expect(seen.slice(0, order.length)).toEqual(order)
    // Arrows choose the platform; Enter in a field sends its form.
    await page.getByRole('radio', { name: 'Clearstream' }).focus()
    await page.keyboard.press('ArrowRight')
    expect(await page.getByRole('radio', { name: 'MOEX' }).isChecked()).toBe(true)
    await field(page, 'Login').waitFor()
    await field(page, 'Certificate file').press('Enter')
    expect(await field(page, 'Key file, or URI of a key in a token').getAttribute('aria-invalid')).toBe(
      'true',
    )
  })

  it('goes to a view and back by the address, and keeps what was typed', async () => {
    await using shown = await openPage()
    const { page } = shown
    await field(page, 'Certificate file').fill('/typed')
    for (const { id, title } of VIEWS) {
      await page.evaluate(`location.assign('#/${id}')`)
      const heading = page.getByRole('heading', { level: 1, name: title })
      await heading.waitFor()
      if (id !== 'api')
        expect(await heading.evaluate((it) => it === it.ownerDocument.activeElement)).toBe(true)
      expect(await page.getByRole('link', { name: title }).getAttribute('aria-current')).toBe('page')
    }
    await page.evaluate(`location.assign('#/api')`)
    expect(await field(page, 'Certificate file').inputValue()).toBe('/typed')
  })

  it('lets no markup and no script in', async () => {
    const { page, server, complaints, ...shown } = await openPage()
    const refused = await page.evaluate<boolean>(`(() => {
      try { document.body.innerHTML = '<b>x</b>'; return false } catch (error) { return error instanceof TypeError }
    })()`)
    expect(refused).toBe(true)
    await page.evaluate(`fetch('http://127.0.0.1:9/').catch(() => {})`)
    await page.evaluate(
      `document.body.append(Object.assign(document.createElement('img'), { src: 'http://127.0.0.1:9/x' }))`,
    )
    await expect
      .poll(() => complaints.filter((line) => /Content.Security.Policy|TrustedHTML/.test(line)).length)
      .toBeGreaterThan(2)
    complaints.length = 0
    await shown[Symbol.asyncDispose]()
    expect(server.origin).toMatch(/^http:/)
  })
})
