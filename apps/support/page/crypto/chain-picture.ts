import type { ChainLink } from '../../sign-api.ts'
import { text } from '../text/crypto.ts'
import { el, svg, uniqueId } from '../ui/dom.ts'
import { details } from '../ui/notice.ts'
import { BAR, BOX, cut, type DrawnChain, type DrawnLink, drawnChain } from './chain-layout.ts'
import { day } from './dates.ts'

/** A chain as a picture, with the same as a list behind it. @param chain the leaf first */
export function chainPicture(chain: readonly ChainLink[], now = Date.now()): HTMLElement {
  const drawn = drawnChain(chain, now)
  const id = uniqueId('chain')
  const picture = svg(
    'svg',
    {
      viewBox: `0 0 ${BOX.width + 2 * BOX.margin} ${drawn.height}`,
      role: 'img',
      'aria-labelledby': `${id}-title ${id}-desc`,
      class: 'chain-picture',
    },
    svg('title', { id: `${id}-title` }, text.chain.picture(chain.length)),
    svg('desc', { id: `${id}-desc` }, chain.map((link) => sentence(link, now)).join('. ')),
    drawn.isOpen ? openTop(drawn) : undefined,
    drawn.links.map((link, i) => [i > 0 && arrow(link), box(link, drawn)]),
  )
  // On a small screen the picture keeps its size, and is moved.
  const label = { role: 'group', tabindex: 0, 'aria-label': text.chain.scroll }
  const frame = el('div', { class: 'chain-scroll', ...label }, picture)
  return el('figure', { class: 'chain' }, frame, details(text.chain.asList, chainList(chain, now)))
}

function box(drawn: DrawnLink, chain: DrawnChain): SVGElement {
  const { link, y, name, state } = drawn
  const bad = state !== 'valid' || link.problem !== undefined
  const kind = bad ? 'bad' : link.trusted ? 'trusted' : ''
  const line = `${text.chain[link.role]}${link.trusted ? ` · ${text.chain.trusted}` : ''}`
  const issuer = link.subject === link.issuer ? text.chain.signedBySelf : issuerName(link)
  const state2 = link.problem !== undefined && state === 'valid' ? text.chain.refused : text.chain[state]
  return svg(
    'g',
    { transform: `translate(${BOX.margin} ${y})`, class: `link ${kind}` },
    svg('rect', { class: 'box', width: BOX.width, height: BOX.height, rx: 9 }),
    svg('text', { x: BAR.x, y: 23, class: 'role' }, line),
    svg(
      'text',
      { x: BOX.width - 16, y: 23, class: `state ${bad ? 'bad' : 'good'}` },
      `${bad ? '✕' : '✓'} ${state2}`,
    ),
    svg('text', { x: BAR.x, y: 43, class: 'name' }, name),
    svg('text', { x: BAR.x, y: 59, class: 'issuer' }, `${text.chain.issuedBy} ${issuer}`),
    svg(
      'text',
      { x: BOX.width - 16, y: 59, class: 'dates' },
      text.chain.range(day(link.notBefore), day(link.notAfter)),
    ),
    svg('rect', { class: 'bar', x: BAR.x, y: BAR.y, width: BAR.width, height: BAR.height, rx: 4 }),
    svg('rect', {
      class: `time ${state}`,
      x: drawn.from,
      y: BAR.y,
      width: Math.max(4, drawn.to - drawn.from),
      height: BAR.height,
      rx: 4,
    }),
    svg('line', { class: 'now', x1: chain.now, x2: chain.now, y1: BAR.y - 4, y2: BAR.y + BAR.height + 4 }),
    svg('text', { x: todayAt(chain.now), y: BAR.y + BAR.height + 13, class: 'today' }, text.chain.today),
  )
}

/** Its word stays within the box. */
function todayAt(now: number): number {
  return Math.min(BOX.width - 28, Math.max(28, now))
}

function issuerName(link: ChainLink): string {
  return cut(/(?:^|,)CN=((?:\\.|[^,\\])*)/.exec(link.issuer)?.[1] ?? link.issuer, 40)
}

/** From the issuer down to what it issued. */
function arrow({ y }: DrawnLink): SVGElement {
  const x = BOX.margin + 40
  const from = y - BOX.gap
  return svg(
    'g',
    { class: 'arrow' },
    svg('line', { x1: x, x2: x, y1: from + 2, y2: y - 8 }),
    svg('path', { d: `M${x - 5} ${y - 9}h10l-5 8z` }),
  )
}

function openTop({ links }: DrawnChain): SVGElement {
  const y = links[0]?.y ?? 0
  const x = BOX.margin + 40
  return svg(
    'g',
    { class: 'arrow open' },
    svg('text', { x: BOX.margin + BAR.x, y: BOX.margin + 12, class: 'missing' }, `? ${text.chain.missing}`),
    svg('line', { x1: x, x2: x, y1: y - 24, y2: y - 2 }),
  )
}

/** The chain in words, the leaf first. */
function chainList(chain: readonly ChainLink[], now: number): HTMLElement {
  return el(
    'ol',
    { class: 'chain-list' },
    chain.map((link) =>
      el(
        'li',
        {},
        el('strong', {}, text.chain[link.role]),
        el('br'),
        link.subject,
        el('br'),
        `${text.chain.issuedBy} ${link.subject === link.issuer ? text.chain.signedBySelf : link.issuer}`,
        el('br'),
        `${text.chain.range(day(link.notBefore), day(link.notAfter))}: ${stateOf(link, now)}`,
        link.problem !== undefined && [el('br'), link.problem],
      ),
    ),
  )
}

function sentence(link: ChainLink, now: number): string {
  const range = text.chain.range(day(link.notBefore), day(link.notAfter))
  return `${text.chain[link.role]} ${link.subject}, ${range}, ${stateOf(link, now)}`
}

function stateOf(link: ChainLink, now: number): string {
  const [only] = drawnChain([link], now).links
  const words = [text.chain[only?.state ?? 'valid'], link.trusted ? text.chain.trusted : undefined]
  return words.filter((word) => word !== undefined).join(', ')
}
