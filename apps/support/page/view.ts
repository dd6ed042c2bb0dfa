import type { Api } from './api.ts'

/** What a view works with. */
export interface ViewContext {
  /** Calls of the loopback server. A view that keeps everything in the page does not use it. */
  readonly api: Api
  /** Has a screen reader say something. */
  announce(message: string): void
}

/**
 * Puts a view into its container, once: what the user typed stays while other views are looked at. The container is
 * empty; its heading is already there.
 */
export type Mount = (container: HTMLElement, context: ViewContext) => void

/** A view as the navigation knows it. */
export interface ViewEntry {
  /** In the address: `#/convert`. */
  readonly id: string
  /** In the navigation, and as the heading. */
  readonly title: string
  /** Below the heading, in a sentence. */
  readonly about: string
  load(): Promise<{ readonly mount: Mount }>
}
