// Renderers are made one after another, so that the first pane shows its image while the others still wait for theirs; one is made
// beforehand, while the list is looked at, because a WebGL context and its shaders take longer to make than an image to draw. None is
// used for a second study: what Niivue and the driver keep of the first goes with its context, and memory stays bounded.

import type { Renderer } from './renderer.ts'

let spare: Renderer | null = null
let last: Promise<unknown> = Promise.resolve()

const aMoment = (): Promise<void> => new Promise((done) => setTimeout(done))

async function makeOne(): Promise<Renderer> {
  const { makeRenderer } = await import('./niivue_renderer.ts')
  return makeRenderer()
}

async function takeOne(): Promise<Renderer> {
  const ready = spare
  spare = null
  if (ready && !ready.isLost()) return ready
  return makeOne()
}

/** Throws NoWebGlError where the browser has none. Niivue itself is fetched at the first call. */
export async function takeRenderer(): Promise<Renderer> {
  const turn = last.then(takeOne)
  // Who comes next waits until this one's pane has had its chance to draw.
  last = turn.then(aMoment, () => undefined).then(aMoment)
  return turn
}

/** Makes a renderer for the first pane that will be wanted, unless there is one. What goes wrong is said when one is taken. */
export function warmUp(): void {
  last = last.then(async () => {
    if (spare && !spare.isLost()) return
    try {
      spare = await makeOne()
    } catch {
      spare = null
    }
  })
}
