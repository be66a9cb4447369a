// What changed, said to screen readers, and shown for a moment to everybody else.

import { Store, useStore } from './store.ts'

const said = new Store<{ text: string; shown: boolean }>({ text: '', shown: false })
let timer = 0

/** Spoken only: for what everybody else sees anyway. */
export const say = (text: string): void => said.set({ text, shown: false })

/** Spoken and shown for some seconds. */
export function tell(text: string): void {
  said.set({ text, shown: true })
  clearTimeout(timer)
  timer = window.setTimeout(() => said.set({ text, shown: false }), 6000)
}

export function Announcer() {
  const { text, shown } = useStore(said)
  return (
    <div class={shown ? 'toast' : 'visually-hidden'} role="status" aria-live="polite" data-testid="announcer">
      {text}
    </div>
  )
}
