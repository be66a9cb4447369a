// One study at its address. The version that came first stays until another is asked for: what a reader looks at does not change
// under his eyes when somebody else saves.

import { useEffect, useState } from 'preact/hooks'
import { openStudy } from '../api/client.ts'
import type { Session } from '../api/types.ts'
import { personName } from '../base/format.ts'
import { go, noteStudyPlace, worklistHash } from '../base/navigation.ts'
import { formatPlace, parsePlace } from '../base/route.ts'
import { OpenStudy } from './open_study.tsx'
import { useStudy } from './use_study.ts'

const leave = (): void => void go(worklistHash())

function Waiting({ problem, gone, onRetry, onLatest }: { problem: string; gone: boolean; onRetry: () => void; onLatest: (() => void) | null }) {
  return (
    <main id="main" tabIndex={-1} class="study-wait">
      {problem ? (
        <div class="instead" role="alert">
          <h1>{gone ? 'This study or version is not here' : 'The study did not come'}</h1>
          <p>{problem}</p>
          <div class="buttons">
            {!gone && (
              <button type="button" onClick={onRetry}>
                Try again
              </button>
            )}
            {gone && onLatest && (
              <button type="button" class="strong" onClick={onLatest}>
                Show the latest version
              </button>
            )}
            <button type="button" onClick={leave}>
              To the worklist
            </button>
          </div>
        </div>
      ) : (
        <p role="status">Loading the study …</p>
      )}
    </main>
  )
}

export function StudyPage({ id, version, session }: { id: string; version: string | undefined; session: Session }) {
  const [pinned, setPinned] = useState(version)
  const [awaited, setAwaited] = useState<string | null>(null)
  const { study, asked, problem, gone, reload } = useStudy(id, pinned)

  useEffect(() => setPinned(version), [version])
  useEffect(() => {
    // Before there is an answer its version has no lasting name.
    if (pinned || asked || !study?.diagnosis) return
    setPinned(study.version)
    noteStudyPlace({ version: study.version })
  }, [pinned, asked, study])
  useEffect(() => void openStudy(id).catch(() => {}), [id])
  useEffect(() => {
    if (study) document.title = `${personName(study.patient.name)} – parotis`
  }, [study?.patient.name])

  // A version that was just saved is shown when it has been written, unless something else was asked for meanwhile.
  useEffect(() => {
    if (awaited && study?.versions.some((v) => v.id === awaited && v.state === 'done')) void show(awaited)
  }, [awaited, study])

  const show = async (next: string | null): Promise<void> => {
    setAwaited(null)
    const here = parsePlace(location.hash)
    if (here.page !== 'study') return
    if (await go(formatPlace({ ...here, version: next ?? undefined }))) {
      setPinned(next ?? undefined)
      reload()
    }
  }
  const wait = (next: string): void => {
    setAwaited(next)
    reload()
  }
  // Of a version that goes while it is shown everything is here already: nothing is taken from under a brush.
  if (!study || (gone && study.version !== pinned)) return <Waiting problem={problem} gone={gone} onRetry={reload} onLatest={pinned ? () => void show(null) : null} />
  return <OpenStudy study={study} gone={gone} session={session} onShow={(next) => void show(next)} onReload={reload} onAwait={wait} onLeave={leave} />
}
