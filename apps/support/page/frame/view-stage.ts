import { text } from '../text/common.ts'
import { el, replace } from '../ui/dom.ts'
import { notice } from '../ui/notice.ts'
import type { ViewContext, ViewEntry } from '../view.ts'

/** Shows one view at a time, and keeps the others with what was typed into them. */
export class ViewStage {
  readonly #main: HTMLElement
  readonly #context: ViewContext
  readonly #mounted = new Map<string, HTMLElement>()

  constructor(main: HTMLElement, context: ViewContext) {
    this.#main = main
    this.#context = context
  }

  /** @param moved whether the user came from another view, so that the heading gets the focus */
  show(view: ViewEntry, moved: boolean): void {
    const place = this.#mounted.get(view.id) ?? this.#mount(view)
    for (const [id, each] of this.#mounted) each.hidden = id !== view.id
    if (!moved) return
    place.querySelector('h1')?.focus()
    scrollTo(0, 0)
  }

  #mount(view: ViewEntry): HTMLElement {
    const content = el('div', { class: 'content' })
    const heading = el('h1', { tabindex: -1 }, view.title)
    const place = el('div', { class: 'view', id: `view-${view.id}` }, heading)
    place.append(el('p', { class: 'about' }, view.about), content)
    this.#mounted.set(view.id, place)
    this.#main.append(place)
    void this.#fill(view, place, content)
    return place
  }

  async #fill(view: ViewEntry, place: HTMLElement, content: HTMLElement): Promise<void> {
    replace(content, el('p', { class: 'status' }, text.loading))
    try {
      const { mount } = await view.load()
      replace(content)
      mount(content, this.#context)
    } catch {
      replace(content, notice('error', text.loadFailed, el('p', {}, text.loadFailedWay)))
      // Another visit tries again.
      this.#mounted.delete(view.id)
      addEventListener('hashchange', () => place.remove(), { once: true })
    }
  }
}
