import type { ChainLink } from '../../sign-api.ts'

/** A certificate of a chain, as it is drawn: numbers are units of the picture. */
export interface DrawnLink {
  readonly link: ChainLink
  readonly name: string
  readonly state: 'valid' | 'expired' | 'not-yet-valid'
  /** Of its box, from above. */
  readonly y: number
  /** Its time of validity, within the bar. */
  readonly from: number
  readonly to: number
}

/** A chain, the root above and the leaf below, with bars of one scale of time. */
export interface DrawnChain {
  /** From above. */
  readonly links: readonly DrawnLink[]
  /** Where today is within the bars. */
  readonly now: number
  readonly height: number
  /** The uppermost is nobody's root: its issuer is not there. */
  readonly isOpen: boolean
}

export const BOX = { width: 640, height: 92, gap: 34, margin: 8 } as const
/** Of the bar of time, within a box. */
export const BAR = { x: 16, y: 66, width: 608, height: 8 } as const
/** Above an open chain there is a line with a word. */
const OPEN_TOP = 40

/** @param chain the leaf first @param now milliseconds */
export function drawnChain(chain: readonly ChainLink[], now: number): DrawnChain {
  const times = chain.flatMap(({ notBefore, notAfter }) => [Date.parse(notBefore), Date.parse(notAfter)])
  const first = Math.min(now, ...times)
  const last = Math.max(now, ...times)
  const at = (time: number): number => BAR.x + ((time - first) / Math.max(1, last - first)) * BAR.width
  const top = chain.at(-1)
  const isOpen = top !== undefined && top.subject !== top.issuer && !top.trusted
  const above = BOX.margin + (isOpen ? OPEN_TOP : 0)
  const links = chain.toReversed().map((link, i): DrawnLink => {
    const from = Date.parse(link.notBefore)
    const to = Date.parse(link.notAfter)
    return {
      link,
      name: shortName(link.subject),
      state: now > to ? 'expired' : now < from ? 'not-yet-valid' : 'valid',
      y: above + i * (BOX.height + BOX.gap),
      from: at(from),
      to: at(to),
    }
  })
  const height = above + links.length * BOX.height + Math.max(0, links.length - 1) * BOX.gap + BOX.margin
  return { links, now: at(now), height, isOpen }
}

/** The common name of a subject (RFC 4514), or all of it where it has none; cut where it does not fit. */
export function shortName(subject: string): string {
  const [, name] = /(?:^|,|\+)CN=((?:\\.|[^,+\\])*)/.exec(subject) ?? []
  return cut((name ?? subject).replace(/\\(.)/g, '$1'), 52)
}

export function cut(text: string, most: number): string {
  const characters = [...text]
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`
}
