// A study that has come: images on the left, everything about it on the right.

import { useEffect, useRef, useState } from 'preact/hooks'
import type { Lesion, Session, Study } from '../api/types.ts'
import { say, tell } from '../base/announce.tsx'
import { ask } from '../base/ask.tsx'
import { listenKeys } from '../base/keys.ts'
import { noteStudyPlace } from '../base/navigation.ts'
import { parsePlace, type SideTab } from '../base/route.ts'
import type { Draft } from '../review/drafts.ts'
import { useEditing, useLayerReady, type Editing } from '../review/use_editing.ts'
import { placeOfVoxel, voxelOfWorld } from '../viewer/grid.ts'
import { lesionPlace } from '../viewer/lesion_places.ts'
import type { Scene } from '../viewer/scene.ts'
import { Viewer } from '../viewer/viewer.tsx'
import { newestShown, versionLabel } from './history.tsx'
import { NoImages } from './no_images.tsx'
import { Panel } from './panel.tsx'
import { SideTabs } from './side_tabs.tsx'
import { BeingWritten, EditBanner, OlderVersion, VersionGone } from './study_banners.tsx'
import { StudyHeader } from './study_header.tsx'
import { studyKey } from './study_keys.ts'
import { useLayers, useScene } from './use_scene.ts'

interface Props {
  study: Study
  /** The node no longer has the version that is shown. */
  gone: boolean
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

/** The version that a draft is taken up on: its own, or the newest when its own went with an older analysis. */
function versionFor(study: Study, draft: Draft): string | undefined {
  const own = study.versions.find((v) => v.id === draft.based_on)
  return own && !own.superseded ? own.id : newestShown(study)?.id
}

/** A drawing of an older analysis is put on the newest version only when it fits, and never unasked. */
async function mayMove(study: Study, draft: Draft): Promise<boolean> {
  const voxels = study.view?.size.reduce((all, n) => all * n, 1) ?? 0
  if (draft.voxels !== voxels) {
    await ask('The drawing does not fit', ['The version that it was drawn on is gone: new images of the study have arrived, and they lie on another grid. The drawing can only be discarded.'], [{ id: 'wait', label: 'Leave it', strong: true }])
    return false
  }
  const text = ['New images of the study have arrived since. The drawing has as many voxels as the newest version: it can be put on that, but compare it with the images before you save it.']
  const answer = await ask('The version that you drew on is gone', text, [
    { id: 'move', label: 'Put it on the newest version', strong: true },
    { id: 'wait', label: 'Not now' },
  ])
  return answer === 'move'
}

export function OpenStudy({ study, gone, session, onShow, onReload, onAwait, onLeave }: Props) {
  const images = useScene(study)
  const { scene } = images
  const [compared, setCompared] = useState<string | null>(null)
  const [round, setRound] = useState(0)
  const layersProblem = useLayers(scene, study, study.version, compared === study.version ? null : compared, round, (v) => versionLabel(study, v))
  const ready = useLayerReady(scene, study.version)
  const editing = useEditing(scene, study, session, ready)
  const here = parsePlace(location.hash)
  const [tab, setTab] = useState<SideTab>((here.page === 'study' && here.tab) || 'findings')
  /** The version that the draft is to be taken up on, once it is shown. */
  const [resuming, setResuming] = useState<string | null>(null)
  useFirstLook(scene, study, ready)

  const choose = (next: SideTab): void => {
    setTab(next)
    noteStudyPlace({ tab: next })
  }
  const endEdit = async (keep: boolean): Promise<void> => {
    await editing.end(keep)
    setRound((n) => n + 1)
  }
  const resume = (draft: Draft): void => {
    const version = versionFor(study, draft)
    if (!version) return tell('The study is being analysed anew: the drawing waits for that.')
    if (version !== study.version) onShow(version)
    setResuming(version)
    choose('review')
  }
  const now = useRef(editing)
  now.current = editing
  useEffect(() => {
    const { draft } = editing
    if (!draft || resuming !== study.version || (study.view && !ready)) return
    setResuming(null)
    if (draft.based_on === study.version) editing.resume()
    else void mayMove(study, draft).then((may) => may && now.current.resume())
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
      {gone ? <VersionGone editing={editing} onLatest={() => onShow(null)} /> : <OlderVersion study={study} onLatest={() => onShow(null)} />}
      <EditBanner editing={editing} onPanel={() => choose('review')} onResume={() => editing.draft && resume(editing.draft)} />
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
            <Panel tab={tab} study={study} session={session} scene={scene} editing={editing} ready={ready} compared={compared} onJump={jump} onEdit={() => void editing.begin(resume)} onShow={onShow} onReload={onReload} onAwait={onAwait} onEnd={endEdit} onCompare={setCompared} />
          </SideTabs>
        </aside>
      </div>
    </main>
  )
}
