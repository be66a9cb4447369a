import type { Lesion, Session, Study } from '../api/types.ts'
import type { Scene } from '../viewer/scene.ts'
import { HeadlineView } from './headline_view.tsx'
import { kKindWords } from './history.tsx'
import { LesionList } from './lesion_list.tsx'
import { MeasureList } from './measure_list.tsx'

interface Props {
  study: Study
  scene: Scene | null
  session: Session
  onJump: ((lesion: Lesion) => void) | null
}

export function Findings({ study, scene, session, onJump }: Props) {
  const current = study.versions.find((v) => v.id === study.version)
  if (!study.diagnosis) return <p class="muted">There is no answer yet.</p>
  return (
    <>
      <HeadlineView diagnosis={study.diagnosis} session={session} by={current ? `${kKindWords[current.kind]}: ${current.by}` : ''} />
      {study.diagnosis.verdict !== 'refused' && <LesionList lesions={study.diagnosis.lesions} onJump={onJump} />}
      {scene && <MeasureList scene={scene} />}
    </>
  )
}
