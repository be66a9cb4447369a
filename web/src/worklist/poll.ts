// Asks the node again every two seconds while the page is looked at. Rows that did not change stay the same objects, so that
// nothing but what changed is drawn again.

import { useEffect, useRef, useState } from 'preact/hooks'
import { getWorklist } from '../api/client.ts'
import type { StudyRow, Worklist } from '../api/types.ts'
import { repeat } from '../shell/repeat.ts'

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
    let etag = ''
    const ask = async (signal: AbortSignal): Promise<boolean> => {
      try {
        const answer = await getWorklist(request, etag, signal)
        etag = answer.etag
        const list = answer.value ? keepUnchanged(latest.current.list, answer.value) : latest.current.list
        if (answer.value || latest.current.problem) setPolled({ list, answers: request, problem: '' })
      } catch (error) {
        if (signal.aborted) return false
        etag = ''
        setPolled({ ...latest.current, problem: error instanceof Error ? error.message : String(error) })
      }
      return true
    }
    const polling = repeat(ask, () => kEvery_ms)
    const seen = (): void => {
      if (document.visibilityState === 'visible') polling.now()
    }
    document.addEventListener('visibilitychange', seen)
    return () => {
      polling.stop()
      document.removeEventListener('visibilitychange', seen)
    }
  }, [request])
  return polled
}
