import type { Platform } from '../../../api.ts'
import { text } from '../../text/tester.ts'
import { el, on } from '../../ui/dom.ts'

const words = text.credential

/** Clearstream or MOEX, as radio buttons. */
export function platformChoice(chosen: (platform: Platform) => void): {
  readonly root: HTMLElement
  choose(platform: Platform): void
} {
  const radio = (platform: Platform) => {
    const input = el('input', { type: 'radio', name: 'platform', value: platform })
    on(input, { change: () => chosen(platform) })
    return input
  }
  const inputs = { clearstream: radio('clearstream'), moex: radio('moex') }
  const label = (platform: Platform) => el('label', {}, inputs[platform], words.platforms[platform])
  return {
    root: el(
      'fieldset',
      { class: 'choice' },
      el('legend', {}, words.platform),
      el('div', {}, label('clearstream'), label('moex')),
    ),
    choose: (platform) => {
      inputs[platform].checked = true
      chosen(platform)
    },
  }
}
