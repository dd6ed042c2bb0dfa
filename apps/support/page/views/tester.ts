import { el } from '../ui/dom.ts'
import type { Mount } from '../view.ts'
import { callPanel } from './tester/call-panel.ts'
import { credentialPanel } from './tester/credential-panel.ts'
import { tokenPanel } from './tester/token-panel.ts'
import { Happenings, type Work } from './tester/work.ts'

/** Credential, token, API call: what the platform's own support page does, and more. */
export const mount: Mount = (container, context) => {
  const work: Work = {
    platform: 'clearstream',
    profile: undefined,
    opened: undefined,
    token: undefined,
    credential: () => ({ settings: {}, secrets: {} }),
  }
  const shared = { ...context, work, happenings: new Happenings() }
  const credential = credentialPanel(shared)
  container.append(credential.root, el('div', { class: 'columns' }, tokenPanel(shared), callPanel(shared)))
  void credential.start()
}
