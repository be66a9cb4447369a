// Asks the node again every two seconds while the page is looked at. Rows that did not change stay the same objects, so that
// nothing but what changed is drawn again.

import { useEffect, useRef, useState } from 'preact/hooks'
import { getWorklist } from '../api/client.ts'
import type { StudyRow, Worklist } from '../api/types.ts'
import { mayPoll } from '../shell/session.ts'

const kEvery_ms = 2000

export interface Polled {
  list: Worklist | null
  /** The request the list answers: it differs from what was asked while the answer is on its way. */
  answers: string
  problem: string
}

/** `fresh` with every row that says the same as before taken from `before`. Pure. */
export function keepUnchanged(before: Worklist | null, fresh: Worklist): Worklist {
  const known = new Map(before?.studies.map((row): [string, StudyRow] => [row.id, row]))
  const studies = fresh.studies.map((row) => {
    const old = known.get(row.id)
    return old && JSON.stringify(old) === JSON.stringify(row) ? old : row
  })
  return { ...fresh, studies }
}

export function useWorklist(request: string): Polled {
  const [polled, setPolled] = useState<Polled>({ list: null, answers: '', problem: '' })
  const latest = useRef(polled)
  latest.current = polled

  useEffect(() => {
    const abort = new AbortController()
    let etag = ''
    let first = true
    let timer = 0
    const poll = async (): Promise<void> => {
      try {
        if (mayPoll() || first) {
          first = false
          const answer = await getWorklist(request, etag, abort.signal)
          etag = answer.etag
          const list = answer.value ? keepUnchanged(latest.current.list, answer.value) : latest.current.list
          if (answer.value || latest.current.problem) setPolled({ list, answers: request, problem: '' })
        }
      } catch (error) {
        if (abort.signal.aborted) return
        etag = ''
        setPolled({ ...latest.current, problem: error instanceof Error ? error.message : String(error) })
      }
      if (!abort.signal.aborted) timer = window.setTimeout(() => void poll(), kEvery_ms)
    }
    const seen = (): void => {
      if (document.visibilityState !== 'visible') return
      clearTimeout(timer)
      void poll()
    }
    void poll()
    document.addEventListener('visibilitychange', seen)
    return () => {
      abort.abort()
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', seen)
    }
  }, [request])
  return polled
}
