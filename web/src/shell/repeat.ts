// Asking again and again, as long as the page may.

import { mayPoll } from './session.ts'

export interface Repetition {
  /** Asks now instead of later; who asks already is left alone. */
  now: () => void
  stop: () => void
}

/** Runs `ask` at once, and again `pause` ms after each time has ended; it ends by itself when `ask` says false. */
export function repeat(ask: (signal: AbortSignal) => Promise<boolean>, pause: () => number): Repetition {
  const abort = new AbortController()
  let first = true
  let asking = false
  let timer = 0
  const again = async (): Promise<void> => {
    let goesOn = true
    if (first || mayPoll()) {
      first = false
      asking = true
      goesOn = await ask(abort.signal)
      asking = false
    }
    if (goesOn && !abort.signal.aborted) timer = window.setTimeout(() => void again(), pause())
  }
  const now = (): void => {
    if (asking) return
    clearTimeout(timer)
    void again()
  }
  now()
  return {
    now,
    stop: () => {
      abort.abort()
      clearTimeout(timer)
    },
  }
}
