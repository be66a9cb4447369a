// The clinician's linked panes on a dataset's case: the reference solid, predictions dashed.

import { useEffect, useState } from 'preact/hooks'
import type { View } from '../api/types.ts'
import { listenKeys } from '../base/keys.ts'
import { Store, useStore } from '../base/store.ts'
import { studyKey } from '../study/study_keys.ts'
import { keptDisplay } from '../viewer/display.ts'
import { lesionPlace } from '../viewer/lesion_places.ts'
import { Scene, type Layer } from '../viewer/scene.ts'
import { Viewer } from '../viewer/viewer.tsx'
import { Volumes } from '../viewer/volumes.ts'
import { useAttempts } from './attempts.ts'
import { getVolume } from './client.ts'
import { Failure } from './failure.tsx'
import { runTitle } from './filter.ts'
import { go, noteSlice, place } from './live.ts'
import type { CaseImages, Results } from './types.ts'

const kSees = new Store(false)
const kReference = '#ffffff'
// The same hues as in the charts, bright enough for black.
const kSeries = ['#56b4e9', '#e69f00', '#2fd29d', '#f3a2cf', '#f0e442', '#ff8a5c', '#a9b8ff', '#b7e07a']
export const seriesColour = (run: number): string => kSeries[run % kSeries.length]

const message = (error: unknown): string => (error instanceof Error ? error.message : String(error))

interface Wanted {
  volume: string
  /** Of the volume: a test that was done anew has left another one under its name. */
  version: string
  label: string
  colour: string
  dashed: boolean
}

async function layerOf(scene: Scene, { volume, version, label, colour, dashed }: Wanted): Promise<Layer> {
  const { stored } = await scene.load(volume, version)
  return { version: volume, label, mask: Uint8Array.from(stored), revision: 0, dashed, colour }
}

/** All that can be had, and what is wrong with the others: one that is damaged hides none. */
async function layersOf(scene: Scene, results: Results, images: CaseImages, shown: number[]): Promise<{ layers: Layer[]; problems: string[] }> {
  const wanted = images.predictions
    .filter(({ run }) => shown.includes(run))
    .map(({ run, volume }): Wanted => ({ volume, version: String(images.revision), label: runTitle(results.runs[run], results.runs), colour: seriesColour(run), dashed: true }))
  if (images.has_reference) wanted.unshift({ volume: 'reference', version: '', label: 'reference', colour: kReference, dashed: false })
  const ends = await Promise.allSettled(wanted.map((one) => layerOf(scene, one)))
  return {
    layers: ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : [])),
    problems: ends.flatMap((end, n) => (end.status === 'rejected' ? [`No outlines of ${wanted[n].label}: ${message(end.reason)}`] : [])),
  }
}

const middleOf = ({ size, slice_axis }: View): number => Math.floor(size[slice_axis] / 2)

async function open(images: CaseImages, volumes: Volumes): Promise<Scene> {
  const { view } = images
  const kept = keptDisplay(view.channels).panes[0].channel
  const first = view.channels.find((channel) => channel.name === kept) ?? view.channels[0]
  const volume = await volumes.get(first.volume, '')
  const { slice } = place.value
  return new Scene({ id: images.case, version: '' }, view, volume, volumes, slice === undefined ? middleOf(view) : slice - 1)
}

/** The first lesion of the first layer that has one. */
function jumpToLesion(scene: Scene, layers: Layer[]): void {
  for (const layer of layers) {
    const id = layer.mask.find((value) => value !== 0)
    const at = id && lesionPlace(layer.mask, scene.plane, id)
    if (at) return scene.viewing.jump([at.column, at.row], at.slice)
  }
}

function useImages(images: CaseImages): { scene: Scene | null; problem: string; again: () => void } {
  const [scene, setScene] = useState<Scene | null>(null)
  const [problem, setProblem] = useState('')
  const { attempt, failed, again } = useAttempts()
  useEffect(() => {
    let left = false
    let made: Scene | null = null
    let ends = (): void => {}
    const volumes = new Volumes((name, _version, signal) => getVolume(images.case, name, signal))
    open(images, volumes)
      .then((fresh) => {
        if (left) return fresh.free()
        made = fresh
        ends = fresh.viewing.subscribe(() => noteSlice(fresh.viewing.value.slice + 1))
        setProblem('')
        setScene(fresh)
      })
      .catch((error: unknown) => {
        if (left) return
        setProblem(message(error))
        failed()
      })
    return () => {
      left = true
      ends()
      made?.free()
      volumes.free()
    }
  }, [images.case, attempt])
  return { scene, problem, again }
}

/** `isDrawn`: all that is wanted now, as far as it can be had. */
function useOutlines(scene: Scene | null, results: Results, images: CaseImages, shown: number[]): { isDrawn: boolean; problems: string[]; again: () => void } {
  const [drawn, setDrawn] = useState<{ key: string; problems: string[] }>({ key: '', problems: [] })
  const { attempt, failed, again } = useAttempts()
  const key = JSON.stringify([images.revision, shown, images.predictions.map((prediction) => prediction.volume)])
  useEffect(() => {
    if (!scene) return
    let left = false
    void layersOf(scene, results, images, shown).then(({ layers, problems }) => {
      if (left) return
      const isFirst = scene.layers.value.length === 0
      const isUntouched = !place.value.slice && scene.viewing.value.slice === middleOf(images.view)
      scene.setLayers(layers)
      if (isFirst && isUntouched) jumpToLesion(scene, layers)
      setDrawn({ key, problems })
      if (problems.length) failed()
    })
    return () => {
      left = true
    }
  }, [scene, key, attempt])
  return { isDrawn: drawn.key === key, problems: drawn.problems, again }
}

export function Images({ results, images, shown }: { results: Results; images: CaseImages; shown: number[] }) {
  const { scene, problem, again } = useImages(images)
  const outlines = useOutlines(scene, results, images, shown)
  useEffect(() => (scene ? listenKeys((pressed) => studyKey({ scene, lesions: [], jump: () => {}, leave: () => go({ page: 'compare' }) }, pressed)) : undefined), [scene])
  const blind = useStore(scene?.blind ?? kSees)
  return (
    <div class="images" data-testid="images" data-outlines={outlines.isDrawn}>
      {problem && <Failure again={again}>{problem}</Failure>}
      {outlines.problems.length > 0 && <Failure again={outlines.again}>{outlines.problems.join(' ')}</Failure>}
      {blind && (
        <p class="problem" role="alert">
          This browser cannot show the images: it has no WebGL 2, or it is switched off.
        </p>
      )}
      {scene && !blind ? <Viewer scene={scene} /> : !problem && !blind && <p class="empty">Loading images …</p>}
    </div>
  )
}
