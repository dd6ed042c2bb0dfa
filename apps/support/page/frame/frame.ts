import type { Api } from '../api.ts'
import { text } from '../text/common.ts'
import { announce } from '../ui/announce.ts'
import { el, on, setAttributes, svg } from '../ui/dom.ts'
import type { ViewEntry } from '../view.ts'
import { themeSwitch } from './theme.ts'
import { ViewStage } from './view-stage.ts'

/** Head, navigation and the place for the views. The address says which is shown: `#/convert`. */
export function frame(views: readonly ViewEntry[], api: Api): DocumentFragment {
  const main = el('main', { id: 'main', tabindex: -1 })
  const stage = new ViewStage(main, { api, announce })
  const links = new Map(views.map((view) => [view.id, el('a', { href: `#/${view.id}` }, view.title)]))

  const show = (moved: boolean): void => {
    const id = location.hash.replace(/^#\//, '')
    const view = views.find((each) => each.id === id) ?? views[0]
    if (view === undefined) return
    for (const [name, link] of links) setAttributes(link, { 'aria-current': name === view.id && 'page' })
    document.title = `${view.title} · ${text.product} ${text.title}`
    stage.show(view, moved)
  }
  addEventListener('hashchange', () => show(true))
  show(false)

  const skip = on(el('a', { class: 'skip', href: '#main' }, text.skip), {
    click: (event) => {
      event.preventDefault()
      main.focus()
    },
  })
  const page = document.createDocumentFragment()
  page.append(skip, head([...links.values()]), main)
  return page
}

function head(links: readonly HTMLElement[]): HTMLElement {
  return el(
    'header',
    { class: 'head' },
    el('div', { class: 'brand' }, mark(), el('p', {}, el('strong', {}, text.product), ` ${text.title}`)),
    el(
      'nav',
      { 'aria-label': text.navigation },
      el(
        'ul',
        {},
        links.map((link) => el('li', {}, link)),
      ),
    ),
    themeSwitch(),
  )
}

function mark(): SVGElement {
  const shield = 'M16 5l9 3.400v7.100c0 5.600-3.700 9.600-9 11.500-5.300-1.900-9-5.900-9-11.500V8.400z'
  return svg(
    'svg',
    { viewBox: '0 0 32 32', width: 28, height: 28, 'aria-hidden': 'true', class: 'mark' },
    svg('rect', { width: 32, height: 32, rx: 7 }),
    svg('path', { d: shield, class: 'line' }),
    svg('path', { d: 'M11.500 15.800l3.200 3.200 5.900-6', class: 'line' }),
  )
}
