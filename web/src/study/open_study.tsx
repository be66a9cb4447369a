// A study that has come: images on the left, everything about it on the right.

import { useEffect, useRef, useState } from 'preact/hooks'
import type { Lesion, Session, Study } from '../api/types.ts'
import { say } from '../base/announce.tsx'
import { listenKeys } from '../base/keys.ts'
import { noteStudyPlace } from '../base/navigation.ts'
import { parsePlace, type SideTab } from '../base/route.ts'
import { useEditing, useLayerReady, type Editing } from '../review/use_editing.ts'
import { placeOfVoxel, voxelOfWorld } from '../viewer/grid.ts'
import { lesionPlace } from '../viewer/lesion_places.ts'
import type { Scene } from '../viewer/scene.ts'
import { Viewer } from '../viewer/viewer.tsx'
import { versionLabel } from './history.tsx'
import { NoImages } from './no_images.tsx'
import { Panel } from './panel.tsx'
import { SideTabs } from './side_tabs.tsx'
import { BeingWritten, EditBanner, OlderVersion } from './study_banners.tsx'
import { StudyHeader } from './study_header.tsx'
import { studyKey } from './study_keys.ts'
import { useLayers, useScene } from './use_scene.ts'

interface Props {
  study: Study
  session: Session
  /** Null: the latest. */
  onShow: (version: string | null) => void
  onReload: () => void
  /** Shows a version as soon as the node has written it. */
  onAwait: (version: string) => void
  onLeave: () => void
}

/** To where the lesion is drawn; the world's millimetres of the diagnosis are LPS, the grid's RAS. */
function jumpTo(scene: Scene, lesion: Lesion): void {
  const layer = scene.layers.value[0]
  const drawn = layer && lesionPlace(layer.mask, scene.plane, lesion.id)
  const [l, p, s] = lesion.centre_world_mm ?? [0, 0, 0]
  const to = drawn ?? (lesion.centre_world_mm && placeOfVoxel(scene.plane, voxelOfWorld(scene.plane.affine, [-l, -p, s])))
  if (!to) return
  scene.viewing.jump([to.column, to.row], to.slice)
  say(`Lesion ${lesion.id}, slice ${to.slice + 1}`)
}

/** At its first opening a study shows its first lesion, unless the address names a slice. */
function useFirstLook(scene: Scene | null, study: Study, ready: boolean): void {
  const looked = useRef<Scene | null>(null)
  const named = useRef(parsePlace(location.hash))
  useEffect(() => {
    if (!scene || !ready || looked.current === scene) return
    looked.current = scene
    const lesion = study.diagnosis?.lesions[0]
    if (!lesion) return
    const { slice } = scene.viewing.value
    jumpTo(scene, lesion)
    if (named.current.page === 'study' && named.current.slice) scene.viewing.setSlice(slice)
  }, [scene, ready])
}

function editKey({ editor }: Editing, key: string): boolean {
  if (!editor) return false
  const { radius_mm } = editor.state.value.brush
  if (key === 'Ctrl+z') editor.undo()
  else if (key === 'Ctrl+Shift+z' || key === 'Ctrl+y') editor.redo()
  else if (key === '[') editor.setBrush({ radius_mm: radius_mm - 0.5 })
  else if (key === ']') editor.setBrush({ radius_mm: radius_mm + 0.5 })
  else return false
  return true
}

export function OpenStudy({ study, session, onShow, onReload, onAwait, onLeave }: Props) {
  const images = useScene(study)
  const { scene } = images
  const [compared, setCompared] = useState<string | null>(null)
  const [round, setRound] = useState(0)
  const layersProblem = useLayers(scene, study, study.version, compared === study.version ? null : compared, round, (v) => versionLabel(study, v))
  const ready = useLayerReady(scene, study.version)
  const editing = useEditing(scene, study, session, ready)
  const here = parsePlace(location.hash)
  const [tab, setTab] = useState<SideTab>((here.page === 'study' && here.tab) || 'findings')
  const [resuming, setResuming] = useState(false)
  useFirstLook(scene, study, ready)

  const choose = (next: SideTab): void => {
    setTab(next)
    noteStudyPlace({ tab: next })
  }
  const endEdit = async (keep: boolean): Promise<void> => {
    await editing.end(keep)
    setRound((n) => n + 1)
  }
  const resume = (): void => {
    if (editing.draft && editing.draft.based_on !== study.version) onShow(editing.draft.based_on)
    setResuming(true)
    choose('review')
  }
  useEffect(() => {
    if (!resuming || !ready || editing.draft?.based_on !== study.version) return
    setResuming(false)
    editing.resume()
  }, [resuming, ready, study.version, editing.draft])

  const jump = (lesion: Lesion): void => void (scene && jumpTo(scene, lesion))
  const keys = useRef<(key: string) => boolean>(() => false)
  keys.current = (key) => {
    if (editKey(editing, key)) return true
    if (scene) return studyKey({ scene, lesions: study.diagnosis?.lesions ?? [], jump, leave: onLeave }, key)
    if (key === 'Escape') onLeave()
    return key === 'Escape'
  }
  useEffect(() => listenKeys((key) => keys.current(key)), [])
  useEffect(() => document.getElementById('main')?.focus({ preventScroll: true }), [])

  return (
    <main id="main" tabIndex={-1} class="study" data-testid="study" data-version={study.version} data-outlines={ready}>
      <StudyHeader study={study} onBack={onLeave} />
      <BeingWritten study={study} />
      <OlderVersion study={study} onLatest={() => onShow(null)} />
      <EditBanner editing={editing} onPanel={() => choose('review')} onResume={resume} />
      <div class="study-body">
        {scene ? <Viewer scene={scene} /> : <NoImages study={study} images={images} />}
        <aside class="side" aria-label="About this study">
          <SideTabs tab={tab} onTab={choose}>
            {layersProblem && (
              <p class="problem" role="alert">
                The outlines did not come: {layersProblem}{' '}
                <button type="button" onClick={() => setRound(round + 1)}>
                  Try again
                </button>
              </p>
            )}
            <Panel tab={tab} study={study} session={session} scene={scene} editing={editing} ready={ready} compared={compared} onJump={jump} onShow={onShow} onReload={onReload} onAwait={onAwait} onEnd={endEdit} onCompare={setCompared} />
          </SideTabs>
        </aside>
      </div>
    </main>
  )
}
