import { text } from '../text/common.ts'
import { on } from '../ui/dom.ts'
import { selectField } from '../ui/field.ts'

const STORE = 'sealkit-theme'
const THEMES = ['system', 'light', 'dark'] as const
type Theme = (typeof THEMES)[number]

/** Takes the colours that were chosen, or those of the system. */
export function applyTheme(theme: Theme = kept()): void {
  const { dataset } = document.documentElement
  if (theme === 'system') delete dataset['theme']
  else dataset['theme'] = theme
}

/** A choice of colours. It is kept for the tab: at another time another program may have this address. */
export function themeSwitch(): HTMLElement {
  const choices = THEMES.map((theme) => [theme, text.theme[theme]] as const)
  const { root, input } = selectField({ label: text.theme.label, value: kept() }, choices)
  input.value = kept()
  on(input, {
    change: () => {
      const theme = THEMES.find((each) => each === input.value) ?? 'system'
      sessionStorage.setItem(STORE, theme)
      applyTheme(theme)
    },
  })
  root.classList.add('theme')
  return root
}

function kept(): Theme {
  return THEMES.find((theme) => theme === sessionStorage.getItem(STORE)) ?? 'system'
}
