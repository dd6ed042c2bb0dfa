/** Opens the session, then the frame with its views. */
import { type Api, ApiError, openSession } from './api.ts'
import { closedPage } from './frame/closed.ts'
import { frame } from './frame/frame.ts'
import { keepAlive } from './frame/keep-alive.ts'
import { applyTheme } from './frame/theme.ts'
import { text } from './text/common.ts'
import { VIEWS } from './views.ts'

applyTheme()
document.body.replaceChildren()
try {
  const api = await openSession()
  if (api === undefined) document.body.append(closedPage(text.closed.noToken))
  else start(api)
} catch (error) {
  const used = error instanceof ApiError && error.problem.code === 'ERR_SUPPORT_USED'
  document.body.append(closedPage(used ? text.closed.usedBefore : text.closed.gone))
}

function start(api: Api): void {
  document.body.append(frame(VIEWS, api))
  keepAlive(api, () => document.body.prepend(closedPage(text.closed.gone)))
}
