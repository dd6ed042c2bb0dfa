/** Text, nodes, lists of both; what is undefined, null or false is left out. */
export type Child = Node | string | undefined | null | false | readonly Child[]

/** Attributes as they are written; `true` is an empty one, `undefined` and `false` none. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>

/** Event listeners by the names of their events. */
export type Listeners = {
  readonly [Name in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[Name]) => void
}

/** Makes an element. Everything is text: nothing that comes from elsewhere becomes markup. */
export function el<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name)
  setAttributes(element, attributes)
  append(element, children)
  return element
}

const SVG = 'http://www.w3.org/2000/svg'

/** Makes an element of SVG. */
export function svg<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[Name] {
  const element = document.createElementNS(SVG, name)
  setAttributes(element, attributes)
  append(element, children)
  return element
}

/** Adds listeners, and gives the element back. */
export function on<Element extends HTMLElement>(element: Element, listeners: Listeners): Element {
  for (const [name, listener] of Object.entries(listeners)) {
    element.addEventListener(name, listener as EventListener)
  }
  return element
}

/** Puts children in the place of those that are there. */
export function replace(parent: Element, ...children: readonly Child[]): void {
  parent.replaceChildren()
  append(parent, children)
}

function append(parent: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child === undefined || child === null || child === false) continue
    if (typeof child === 'string' || child instanceof Node) parent.append(child)
    else append(parent, child)
  }
}

export function setAttributes(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) element.removeAttribute(name)
    else element.setAttribute(name, value === true ? '' : String(value))
  }
}

let count = 0

/** An id that no other element has. */
export function uniqueId(word: string): string {
  count += 1
  return `${word}-${count}`
}
