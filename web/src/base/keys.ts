// Keys of a view. Nothing is taken from somebody who types, chooses in a list, answers a dialog or logs in.

import { pageHidden } from './page_hidden.ts'

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement && !['checkbox', 'radio', 'range', 'button'].includes(target.type)
    ? true
    : target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement

const usesArrows = (target: EventTarget | null): boolean => target instanceof HTMLInputElement || (target instanceof HTMLElement && target.getAttribute('role') === 'tab')

/** "Ctrl+Shift+z", "Shift+ArrowUp", "j"; letters are lower case, Shift is named only beside a letter or a named key. */
export function keyName(event: KeyboardEvent): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
  const named = event.key.length > 1 || /[a-z]/.test(key)
  return [event.ctrlKey || event.metaKey ? 'Ctrl+' : '', event.altKey ? 'Alt+' : '', event.shiftKey && named ? 'Shift+' : '', key].join('')
}

/** True from `act` means the key was used. Returns what ends the listening. */
export function listenKeys(act: (key: string, event: KeyboardEvent) => boolean): () => void {
  const listen = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || pageHidden.value || document.querySelector('dialog[open]')) return
    if (typing(event.target) && event.key !== 'Escape') return
    if (usesArrows(event.target) && /^(Arrow|Home|End|Page)/.test(event.key)) return
    // Enter and the space bar belong to the button or link that has the focus.
    if ((event.key === 'Enter' || event.key === ' ') && event.target instanceof Element && event.target.closest('button, a, summary, label')) return
    if (act(keyName(event), event)) event.preventDefault()
  }
  addEventListener('keydown', listen)
  return () => removeEventListener('keydown', listen)
}
