// Renderers go from one study to the next: a WebGL context and its shaders take longer to make than an image to draw. They are made
// one after another, so that the first pane shows its image while the others still wait for theirs. Some seconds after the last
// study was left, all are given up.

import type { Renderer } from './renderer.ts'

const kMostIdle = 6
const kIdle_ms = 5_000

const idle: Renderer[] = []
let timer = 0
let last: Promise<unknown> = Promise.resolve()

const aMoment = (): Promise<void> => new Promise((done) => setTimeout(done))

async function takeOne(): Promise<Renderer> {
  for (let renderer = idle.pop(); renderer; renderer = idle.pop()) if (!renderer.isLost()) return renderer
  const { makeRenderer } = await import('./niivue_renderer.ts')
  return makeRenderer()
}

/** Throws NoWebGlError where the browser has none. Niivue itself is fetched at the first call. */
export async function takeRenderer(): Promise<Renderer> {
  clearTimeout(timer)
  const turn = last.then(takeOne)
  // Who comes next waits until this one's pane has had its chance to draw.
  last = turn.then(aMoment, () => undefined).then(aMoment)
  return turn
}

export function giveBack(renderer: Renderer): void {
  renderer.canvas.remove()
  if (idle.length >= kMostIdle || renderer.isLost()) renderer.free()
  else {
    renderer.clear()
    idle.push(renderer)
  }
  clearTimeout(timer)
  timer = window.setTimeout(() => idle.splice(0).forEach((unused) => unused.free()), kIdle_ms)
}
