// The study's images: a scene is made when the first volume has come, and follows the version that is shown.

import { useEffect, useState } from 'preact/hooks'
import { getBytes, volumePath } from '../api/client.ts'
import type { Study } from '../api/types.ts'
import { noteStudyPlace } from '../base/navigation.ts'
import { Store, useStore } from '../base/store.ts'
import { keptDisplay } from '../viewer/display.ts'
import { Scene, type Layer } from '../viewer/scene.ts'
import { Volumes } from '../viewer/volumes.ts'
import { parsePlace } from '../base/route.ts'

export interface Images {
  scene: Scene | null
  problem: string
  /** False: the browser cannot show images at all. */
  possible: boolean
  retry: () => void
}

const kSees = new Store(false)
const kNote_ms = 200

/** The slice of the address, else that of the first lesion, else the middle one. */
function firstSlice(study: Study, slices: number): number {
  const here = parsePlace(location.hash)
  if (here.page === 'study' && here.slice) return here.slice - 1
  return study.diagnosis?.lesions[0]?.slice ?? Math.floor(slices / 2)
}

/** Readers' versions share the images of the analysis they were made on; a version of an older analysis has its own. */
function analysisOf(study: Study): string {
  const older = study.versions.find((v) => v.id === study.version)?.superseded
  return older ? study.version : (study.versions.find((v) => v.kind === 'analysis')?.id ?? '')
}

async function open(study: Study, volumes: Volumes): Promise<Scene> {
  const view = study.view
  if (!view) throw new Error('This study has no images to show.')
  const shown = keptDisplay(view.channels).panes[0].channel
  const first = view.channels.find((c) => c.name === shown) ?? view.channels[0]
  const volume = await volumes.get(first.volume, study.version)
  return new Scene(study, view, volume, volumes, firstSlice(study, volume.size[view.slice_axis]))
}

/** Browsers refuse addresses that change with every step of the wheel. */
function noteSlices(scene: Scene): () => void {
  let timer = 0
  const note = (): void => noteStudyPlace({ slice: scene.viewing.value.slice + 1 })
  const end = scene.viewing.subscribe(() => {
    clearTimeout(timer)
    timer = window.setTimeout(note, kNote_ms)
  })
  return () => {
    clearTimeout(timer)
    end()
  }
}

export function useScene(study: Study | null): Images {
  const [scene, setScene] = useState<Scene | null>(null)
  const [problem, setProblem] = useState('')
  const [round, setRound] = useState(0)
  const key = study?.view ? JSON.stringify([study.id, analysisOf(study), study.view.size, study.view.spacing_mm, study.view.channels.map((c) => c.name)]) : ''

  useEffect(() => {
    if (!study?.view) return
    let left = false
    let made: Scene | null = null
    let ends = (): void => {}
    const volumes = new Volumes((name, version, signal) => getBytes(volumePath(study.id, name, version), signal))
    open(study, volumes)
      .then((fresh) => {
        if (left) return fresh.free()
        made = fresh
        ends = noteSlices(fresh)
        setProblem('')
        setScene(fresh)
      })
      .catch((error: unknown) => !left && setProblem(error instanceof Error ? error.message : String(error)))
    return () => {
      left = true
      ends()
      setScene(null)
      made?.free()
      volumes.free()
    }
  }, [key, round])
  const blind = useStore(scene?.blind ?? kSees)
  return { scene: blind ? null : scene, problem, possible: !blind, retry: () => setRound(round + 1) }
}

/** Shows the outlines of `shown`, and of `compared` beside them; another `round` takes them from the volumes again. The masks are
    copies: editing changes its own. Returns what went wrong. */
export function useLayers(scene: Scene | null, study: Study | null, shown: string, compared: string | null, round: number, label: (version: string) => string): string {
  const [problem, setProblem] = useState('')
  const key = `${round} ${shown} ${compared} ${study?.versions.find((v) => v.id === shown)?.at}`
  useEffect(() => {
    if (!scene || !study?.view) return
    let left = false
    const name = study.view.lesions
    const load = async (version: string, dashed: boolean): Promise<Layer> => {
      // What is being edited is not taken from under the brush.
      if (!dashed && scene.painter.value) return scene.layers.value[0]
      const volume = await scene.load(name, version)
      return { version, label: label(version), mask: Uint8Array.from(volume.stored), revision: 0, dashed }
    }
    const versions: [string, boolean][] = compared ? [[shown, false], [compared, true]] : [[shown, false]]
    Promise.all(versions.map(([version, dashed]) => load(version, dashed)))
      .then((layers) => !left && (scene.setLayers(layers), setProblem('')))
      .catch((error: unknown) => !left && setProblem(error instanceof Error ? error.message : String(error)))
    return () => {
      left = true
    }
  }, [scene, key])
  return problem
}
