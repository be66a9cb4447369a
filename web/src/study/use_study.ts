// One study from the node: asked again often while it is being worked on, seldom afterwards, to notice other readers' versions.

import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { getStudy } from '../api/client.ts'
import { RefusedError } from '../api/exchange.ts'
import type { Study } from '../api/types.ts'
import { repeat } from '../shell/repeat.ts'

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
    let etag = ''
    setProblem('')
    setGone(false)
    const ask = async (signal: AbortSignal): Promise<boolean> => {
      try {
        const answer = await getStudy(id, version, etag, signal)
        etag = answer.etag
        if (answer.value) setAnswered({ study: (latest.current = answer.value), asked: version })
        setProblem('')
        setGone(false)
        return true
      } catch (error) {
        if (signal.aborted) return false
        setProblem(error instanceof Error ? error.message : String(error))
        const isGone = error instanceof RefusedError && error.status === 404
        setGone(isGone)
        return !isGone
      }
    }
    return repeat(ask, () => (unfinished(latest.current) ? kSoon_ms : kLater_ms)).stop
  }, [id, version, round])
  const reload = useCallback(() => setRound((n) => n + 1), [])
  return { ...answered, problem, gone, reload }
}
