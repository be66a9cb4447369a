// Dark, light, or as the system has it. Images stand on black in both.

import { Store } from './store.ts'

export type Theme = 'system' | 'dark' | 'light'
const kKey = 'parotis.theme'

const read = (): Theme => {
  const kept = localStorage.getItem(kKey)
  return kept === 'dark' || kept === 'light' ? kept : 'system'
}

export const theme = new Store<Theme>(read())

const apply = (): void => {
  const dark = theme.value === 'dark' || (theme.value === 'system' && !matchMedia('(prefers-color-scheme: light)').matches)
  document.documentElement.dataset.theme = dark ? 'dark' : 'light'
}

export function startTheme(): void {
  apply()
  theme.subscribe(() => {
    localStorage.setItem(kKey, theme.value)
    apply()
  })
  matchMedia('(prefers-color-scheme: light)').addEventListener('change', apply)
}
