// The keys of a study. What they are called in the help is in shell/help.tsx.

import type { Lesion } from '../api/types.ts'
import type { Display, Tool } from '../viewer/display.ts'
import type { Scene } from '../viewer/scene.ts'
import type { Point } from '../viewer/grid.ts'

export interface KeyContext {
  scene: Scene
  lesions: Lesion[]
  jump: (lesion: Lesion) => void
  leave: () => void
}

const kTools: Record<string, Tool> = { v: 'cross', w: 'window', m: 'pan', z: 'zoom', d: 'distance', e: 'ellipse', f: 'freehand' }
const kDrawing: Record<string, Tool> = { b: 'brush', x: 'eraser', g: 'fill' }
const kSlices: Record<string, number> = { ArrowUp: -1, k: -1, ArrowDown: 1, j: 1, PageUp: -5, PageDown: 5, Home: -1e6, End: 1e6 }
const kArrows: Record<string, Point> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

function nextLesion({ scene, lesions, jump }: KeyContext, step: 1 | -1): boolean {
  if (!lesions.length) return false
  const { slice } = scene.viewing.value
  const at = lesions.findIndex((lesion) => lesion.slice === slice)
  jump(lesions[at < 0 ? (step > 0 ? 0 : lesions.length - 1) : (at + step + lesions.length) % lesions.length])
  return true
}

function moveKey({ scene }: KeyContext, key: string): boolean {
  const [modifier, arrow] = key.includes('+') ? key.split('+') : ['', key]
  const step = kArrows[arrow]
  if (!step) return false
  const { cross } = scene.viewing.value
  if (modifier === 'Shift') scene.viewing.setCross([cross[0] + step[0], cross[1] + step[1]])
  else if (modifier === 'Alt') scene.viewing.pan(step[0] * 4, step[1] * 4)
  else return false
  return true
}

/** Sets a measurement's two points at the crosshair, or paints there. */
function pointKey({ scene }: KeyContext): boolean {
  const { tool, panes, active } = scene.display.value
  const { cross, slice } = scene.viewing.value
  if (tool === 'brush' || tool === 'eraser' || tool === 'fill') {
    scene.painter.value?.begin(cross, slice, tool)
    scene.painter.value?.end()
    return true
  }
  if (tool !== 'distance' && tool !== 'ellipse') return false
  const begun = scene.sketch.value
  if (!begun) scene.sketch.set({ kind: tool, points: [cross, cross] })
  else {
    scene.sketch.set(null)
    scene.addMeasure(tool, [begun.points[0], cross], panes[active].channel)
  }
  return true
}

function displayKey(scene: Scene, key: string): boolean {
  const { outlines, probability, quantity, cross } = scene.display.value
  const changes: Record<string, Partial<Display>> = {
    l: { outlines: { ...outlines, on: !outlines.on } },
    p: { probability: { ...probability, on: !probability.on } },
    a: { quantity: { ...quantity, on: !quantity.on } },
    c: { cross: !cross },
  }
  if (!changes[key]) return false
  scene.display.update(changes[key])
  return true
}

export function studyKey(context: KeyContext, key: string): boolean {
  const { scene } = context
  const { measures, viewing, display, sketch } = scene
  if (key in kSlices) viewing.scroll(kSlices[key])
  else if (key in kTools) display.update({ tool: kTools[key] })
  else if (key in kDrawing && scene.painter.value) display.update({ tool: kDrawing[key] })
  else if (['1', '2', '4', '6'].includes(key)) scene.setLayout(Number(key) as Display['layout'])
  else if (key === '+' || key === '=') viewing.zoomBy(1.25)
  else if (key === '-') viewing.zoomBy(0.8)
  else if (key === '0') viewing.fit()
  else if (key === 'r') scene.resetWindows()
  else if (key === 'Delete' && measures.value.length) scene.removeMeasure(measures.value[measures.value.length - 1].id)
  else if (key === 'Escape' && sketch.value) sketch.set(null)
  else if (key === 'Escape' && display.value.tool !== 'cross') display.update({ tool: 'cross' })
  else if (key === 'Escape') context.leave()
  else if (key === 'n') return nextLesion(context, 1)
  else if (key === 'Shift+n') return nextLesion(context, -1)
  else if (key === 'Enter') return pointKey(context)
  else return displayKey(scene, key) || moveKey(context, key)
  return true
}
