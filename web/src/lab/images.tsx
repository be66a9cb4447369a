// The clinician's linked panes on a dataset's case: the reference solid, predictions dashed.

import { useEffect, useState } from 'preact/hooks'
import { listenKeys } from '../base/keys.ts'
import { Store, useStore } from '../base/store.ts'
import { studyKey } from '../study/study_keys.ts'
import { keptDisplay } from '../viewer/display.ts'
import { lesionPlace } from '../viewer/lesion_places.ts'
import { Scene, type Layer } from '../viewer/scene.ts'
import { Viewer } from '../viewer/viewer.tsx'
import { Volumes } from '../viewer/volumes.ts'
import { getVolume } from './client.ts'
import { runTitle } from './filter.ts'
import { go, note, place } from './live.ts'
import type { CaseImages, Results } from './types.ts'

const kSees = new Store(false)
const kReference = '#ffffff'
// The same hues as in the charts, bright enough for black.
const kSeries = ['#56b4e9', '#e69f00', '#2fd29d', '#f3a2cf', '#f0e442', '#ff8a5c', '#a9b8ff', '#b7e07a']
export const seriesColour = (run: number): string => kSeries[run % kSeries.length]

const message = (error: unknown): string => (error instanceof Error ? error.message : String(error))

async function layerOf(scene: Scene, name: string, label: string, colour: string, dashed: boolean): Promise<Layer> {
  const volume = await scene.load(name)
  return { version: name, label, mask: Uint8Array.from(volume.stored), revision: 0, dashed, colour }
}

async function layersOf(scene: Scene, results: Results, images: CaseImages, shown: number[]): Promise<Layer[]> {
  const predictions = images.predictions.filter(({ run }) => shown.includes(run))
  const layers = predictions.map(({ run, volume }) => layerOf(scene, volume, runTitle(results.runs[run], results.runs), seriesColour(run), true))
  if (images.has_reference) layers.unshift(layerOf(scene, 'reference', 'reference', kReference, false))
  return Promise.all(layers)
}

async function open(images: CaseImages, volumes: Volumes): Promise<Scene> {
  const { view } = images
  const kept = keptDisplay(view.channels).panes[0].channel
  const first = view.channels.find((channel) => channel.name === kept) ?? view.channels[0]
  const volume = await volumes.get(first.volume, '')
  const middle = Math.floor(view.size[view.slice_axis] / 2)
  return new Scene({ id: images.case, version: '' }, view, volume, volumes, (place.value.slice ?? middle + 1) - 1)
}

/** The first lesion of the first layer that has one, once, unless the address names a slice. */
function jumpToLesion(scene: Scene, layers: Layer[]): void {
  for (const layer of layers) {
    const id = layer.mask.find((value) => value !== 0)
    const at = id && lesionPlace(layer.mask, scene.plane, id)
    if (at) return scene.viewing.jump([at.column, at.row], at.slice)
  }
}

function useImages(images: CaseImages): { scene: Scene | null; problem: string } {
  const [scene, setScene] = useState<Scene | null>(null)
  const [problem, setProblem] = useState('')
  useEffect(() => {
    let left = false
    let made: Scene | null = null
    let ends = (): void => {}
    const volumes = new Volumes((name, _version, signal) => getVolume(images.case, name, signal))
    open(images, volumes)
      .then((fresh) => {
        if (left) return fresh.free()
        made = fresh
        ends = fresh.viewing.subscribe(() => fresh.viewing.value.slice + 1 !== place.value.slice && note({ slice: fresh.viewing.value.slice + 1 }))
        setScene(fresh)
      })
      .catch((error: unknown) => !left && setProblem(message(error)))
    return () => {
      left = true
      ends()
      made?.free()
      volumes.free()
    }
  }, [images.case])
  return { scene, problem }
}

export function Images({ results, images, shown }: { results: Results; images: CaseImages; shown: number[] }) {
  const { scene, problem } = useImages(images)
  const [outlined, setOutlined] = useState('')
  const [failure, setFailure] = useState('')
  const key = JSON.stringify([shown, images.predictions.map((prediction) => prediction.volume)])
  useEffect(() => {
    if (!scene) return
    let left = false
    layersOf(scene, results, images, shown)
      .then((layers) => {
        if (left) return
        const isFirst = scene.layers.value.length === 0
        scene.setLayers(layers)
        if (isFirst && !place.value.slice) jumpToLesion(scene, layers)
        setFailure('')
        setOutlined(key)
      })
      .catch((error: unknown) => !left && setFailure(message(error)))
    return () => {
      left = true
    }
  }, [scene, key])
  useEffect(() => (scene ? listenKeys((pressed) => studyKey({ scene, lesions: [], jump: () => {}, leave: () => go({ page: 'compare' }) }, pressed)) : undefined), [scene])
  const blind = useStore(scene?.blind ?? kSees)
  const bad = problem || failure || (blind ? 'This browser cannot show the images: it has no WebGL 2, or it is switched off.' : '')
  return (
    <div class="images" data-testid="images" data-outlines={outlined === key}>
      {bad && (
        <p class="problem" role="alert">
          {bad}
        </p>
      )}
      {scene && !blind ? <Viewer scene={scene} /> : !bad && <p class="empty">Loading images …</p>}
    </div>
  )
}
