import type { ViewContext } from '../../view.ts'
import type { Happenings, Work } from './work.ts'

/** What each panel works with. */
export interface Shared extends ViewContext {
  readonly work: Work
  readonly happenings: Happenings
}
