// One study: images on the left, everything about it on the right. The address holds version, slice and tab.

import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { openStudy } from '../api/client.ts'
import type { Lesion, Session, Study } from '../api/types.ts'
import { say } from '../base/announce.tsx'
import { listenKeys } from '../base/keys.ts'
import { go, noteStudyPlace, worklistHash } from '../base/navigation.ts'
import { parsePlace, type SideTab } from '../base/route.ts'
import { dateTime, personName } from '../base/format.ts'
import { Decide } from '../review/decide.tsx'
import { lesionPlace } from '../viewer/lesion_places.ts'
import { placeOfVoxel, voxelOfWorld } from '../viewer/grid.ts'
import type { Scene } from '../viewer/scene.ts'
import { Viewer } from '../viewer/viewer.tsx'
import { Files } from './files.tsx'
import { HeadlineView } from './headline_view.tsx'
import { hasOutlines, History, kKindWords, versionLabel } from './history.tsx'
import { LesionList } from './lesion_list.tsx'
import { MeasureList } from './measure_list.tsx'
import { NoImages } from './no_images.tsx'
import { SideTabs } from './side_tabs.tsx'
import { StudyHeader } from './study_header.tsx'
import { studyKey } from './study_keys.ts'
import { useLayers, useScene } from './use_scene.ts'
import { useStudy } from './use_study.ts'
import { Why } from './why.tsx'

/** To the lesion's own slice when it is drawn there; the world's millimetres of the diagnosis are LPS, the grid's RAS. */
function jumpTo(scene: Scene, lesion: Lesion): void {
  const layer = scene.layers.value[0]
  const drawn = layer && lesionPlace(layer.mask, scene.plane, lesion.id)
  const [l, p, s] = lesion.centre_world_mm ?? [0, 0, 0]
  const told = lesion.centre_world_mm ? placeOfVoxel(scene.plane, voxelOfWorld(scene.plane.affine, [-l, -p, s])) : null
  const to = drawn ?? told
  if (!to) return
  scene.viewing.jump([to.column, to.row], to.slice)
  say(`Lesion ${lesion.id}, slice ${to.slice + 1}`)
}

function versionNote(study: Study): string | null {
  const shown = study.versions.filter(hasOutlines).at(-1)
  if (!shown || shown.id === study.version) return null
  return `You are looking at an older version. The latest is ${kKindWords[shown.kind].toLowerCase()} by ${shown.by}, ${dateTime(shown.at)}.`
}

export function StudyPage({ id, version, session }: { id: string; version: string | undefined; session: Session }) {
  const { study, problem, gone, reload } = useStudy(id, version)
  const images = useScene(study)
  const { scene } = images
  const [compared, setCompared] = useState<string | null>(null)
  const layersProblem = useLayers(scene, study, study?.version ?? '', compared, (v) => versionLabel(study, v))
  const [tab, setTab] = useState<SideTab>(() => {
    const here = parsePlace(location.hash)
    return (here.page === 'study' && here.tab) || 'findings'
  })

  useEffect(() => void openStudy(id).catch(() => {}), [id])
  useEffect(() => {
    if (study) document.title = `${personName(study.patient.name)} – parotis`
  }, [study?.patient.name])

  const choose = (next: SideTab): void => {
    setTab(next)
    noteStudyPlace({ tab: next })
  }
  const leave = useCallback(() => go(worklistHash()), [])
  const show = (next: string | null): void => {
    setCompared(null)
    if (next === null || next === study?.version) reload()
    go(`#/study/${id}${next ? `?version=${next}&slice=${(scene?.viewing.value.slice ?? 0) + 1}&tab=${tab}` : `?slice=${(scene?.viewing.value.slice ?? 0) + 1}&tab=${tab}`}`)
  }
  const jump = (lesion: Lesion): void => void (scene && jumpTo(scene, lesion))

  const keys = useRef<(key: string) => boolean>(() => false)
  keys.current = (key) => {
    if (scene) return studyKey({ scene, lesions: study?.diagnosis?.lesions ?? [], jump, leave }, key)
    if (key !== 'Escape') return false
    leave()
    return true
  }
  useEffect(() => listenKeys((key) => keys.current(key)), [])

  if (!study)
    return (
      <main id="main" tabIndex={-1} class="study-wait">
        {problem ? (
          <div class="instead" role="alert">
            <h1>{gone ? 'This study or version is not here' : 'The study did not come'}</h1>
            <p>{problem}</p>
            <div class="buttons">
              {!gone && (
                <button type="button" onClick={reload}>
                  Try again
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

  const current = study.versions.find((v) => v.id === study.version)
  const note = versionNote(study)
  return (
    <main id="main" tabIndex={-1} class="study" data-testid="study">
      <StudyHeader study={study} onBack={leave} />
      {note && (
        <p class="banner" data-testid="older-version">
          {note}{' '}
          <button type="button" onClick={() => show(null)}>
            Show the latest
          </button>
        </p>
      )}
      <div class="study-body">
        {scene ? <Viewer scene={scene} /> : <NoImages study={study} images={images} />}
        <aside class="side" aria-label="About this study">
          <SideTabs tab={tab} onTab={choose}>
            {layersProblem && (
              <p class="problem" role="alert">
                The outlines did not come: {layersProblem}
              </p>
            )}
            {tab === 'findings' && study.diagnosis && (
              <>
                <HeadlineView diagnosis={study.diagnosis} session={session} by={current ? `${kKindWords[current.kind]}: ${current.by}` : ''} />
                <LesionList lesions={study.diagnosis.lesions} onJump={scene ? jump : null} />
                {scene && <MeasureList scene={scene} />}
              </>
            )}
            {tab === 'findings' && !study.diagnosis && <p class="muted">There is no answer yet.</p>}
            {tab === 'why' && <Why study={study} scene={scene} />}
            {tab === 'review' && study.diagnosis && <Decide study={study} session={session} onEdit={null} onChanged={show} />}
            {tab === 'review' && !study.diagnosis && <p class="muted">There is nothing to review yet.</p>}
            {tab === 'history' && <History study={study} compared={compared} onShow={show} onCompare={setCompared} />}
            {tab === 'files' && <Files study={study} />}
          </SideTabs>
        </aside>
      </div>
    </main>
  )
}
