import { card } from '../ui/notice.ts'
import type { Mount } from '../view.ts'

/** Credential, token, API call. */
export const mount: Mount = (container) => {
  container.append(card('Credential'))
}
