import { text } from './text/common.ts'
import type { ViewEntry } from './view.ts'

/** The views, in the order of the navigation. Each is loaded when it is first looked at. */
export const VIEWS: readonly ViewEntry[] = [
  { id: 'api', ...text.views.api, load: () => import('./views/tester.ts') },
  { id: 'convert', ...text.views.convert, load: () => import('./crypto/convert.ts') },
  { id: 'csr', ...text.views.csr, load: () => import('./crypto/csr.ts') },
  { id: 'sign', ...text.views.sign, load: () => import('./crypto/sign.ts') },
]
