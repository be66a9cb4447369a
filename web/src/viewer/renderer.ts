// What a pane needs of whatever draws images. Niivue is behind it, in niivue_renderer.ts alone.

import type { MapName } from './colours.ts'
import type { Frame } from './frame.ts'
import type { Volume } from './nifti.ts'

export interface Overlay {
  volume: Volume
  map: MapName
  /** Values at the map's ends. */
  window: [number, number]
  opacity: number
}

export interface Renderer {
  readonly canvas: HTMLCanvasElement
  /** The grey image; it is drawn by the next draw(). */
  setImage(volume: Volume, window: [number, number]): Promise<void>
  setWindow(window: [number, number]): void
  setOverlays(overlays: Overlay[]): Promise<void>
  /** `density`: the canvas's pixels for one of CSS. */
  draw(frame: Frame, slice: number, density: number): void
  /** Gives images and their textures back; the renderer can be used for others. */
  clear(): void
  /** Gives the WebGL context back, too; the renderer is of no use afterwards. */
  free(): void
  /** The graphics card was taken away: nothing will be drawn any more. */
  isLost(): boolean
}

export class NoWebGlError extends Error {
  constructor() {
    super('This browser cannot show the images: it has no WebGL 2, or it is switched off.')
  }
}
