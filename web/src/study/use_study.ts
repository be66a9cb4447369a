// One study from the node: asked again often while it is being worked on, seldom afterwards, to notice other readers' versions.

import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { getStudy, RefusedError } from '../api/client.ts'
import type { Study } from '../api/types.ts'
import { mayPoll } from '../shell/session.ts'

const kSoon_ms = 2000
const kLater_ms = 10000

export interface Loaded {
  study: Study | null
  /** The version that was asked for when `study` was answered. */
  asked: string | undefined
  problem: string
  /** There is no such study, or this version of it: asking again will not help. */
  gone: boolean
  reload: () => void
}

const unfinished = (study: Study | null): boolean =>
  !study || ['received', 'ready', 'running', 'sending'].includes(study.state) || study.versions.some((v) => v.state === 'waiting' || v.state === 'running')

export function useStudy(id: string, version: string | undefined): Loaded {
  const [answered, setAnswered] = useState<{ study: Study | null; asked: string | undefined }>({ study: null, asked: undefined })
  const [problem, setProblem] = useState('')
  const [gone, setGone] = useState(false)
  const [round, setRound] = useState(0)
  const latest = useRef<Study | null>(null)

  useEffect(() => {
    const abort = new AbortController()
    let etag = ''
    let first = true
    let timer = 0
    const poll = async (): Promise<void> => {
      try {
        if (mayPoll() || first) {
          first = false
          const answer = await getStudy(id, version, etag, abort.signal)
          etag = answer.etag
          if (answer.value) setAnswered({ study: (latest.current = answer.value), asked: version })
          setProblem('')
          setGone(false)
        }
      } catch (error) {
        if (abort.signal.aborted) return
        setProblem(error instanceof Error ? error.message : String(error))
        if (error instanceof RefusedError && error.status === 404) return setGone(true)
      }
      if (!abort.signal.aborted) timer = window.setTimeout(() => void poll(), unfinished(latest.current) ? kSoon_ms : kLater_ms)
    }
    void poll()
    return () => {
      abort.abort()
      clearTimeout(timer)
    }
  }, [id, version, round])
  const reload = useCallback(() => setRound((n) => n + 1), [])
  return { ...answered, problem, gone, reload }
}
