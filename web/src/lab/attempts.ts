// Something that is asked for, and when it has failed asked for again: by itself after a while, or at once when a person wants it.

import { useEffect, useState } from 'preact/hooks'

const kAgain_ms = 5000

export interface Attempts {
  /** Counts them: whoever asks does so for each. */
  attempt: number
  /** To be told of the attempt that has failed. */
  failed: () => void
  again: () => void
}

export function useAttempts(): Attempts {
  const [attempt, setAttempt] = useState(0)
  // An object of its own for every failure: the clock starts when an attempt ends, however long it took.
  const [failure, setFailure] = useState({ of: -1 })
  const again = (): void => setAttempt(attempt + 1)
  useEffect(() => {
    if (failure.of !== attempt) return
    const timer = window.setTimeout(again, kAgain_ms)
    return () => clearTimeout(timer)
  }, [failure, attempt])
  return { attempt, failed: () => setFailure({ of: attempt }), again }
}
