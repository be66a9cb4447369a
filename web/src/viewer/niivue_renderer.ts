// Draws one slice of a volume with Niivue. All of Niivue's own interaction, text and crosshairs are off: they are the pane's.

import { Niivue, NVImage, SLICE_TYPE } from '@niivue/niivue'
import { kMaps } from './colours.ts'
import type { Frame } from './frame.ts'
import type { Plane, Triple } from './grid.ts'
import type { Volume } from './nifti.ts'
import { NoWebGlError, type Overlay, type Renderer } from './renderer.ts'

const kSliceTypes: Record<Plane['orientation'], SLICE_TYPE> = { axial: SLICE_TYPE.AXIAL, coronal: SLICE_TYPE.CORONAL, sagittal: SLICE_TYPE.SAGITTAL }
// The world axes across and up the screen, as Niivue orders them.
const kAcrossUp: Record<Plane['orientation'], [number, number]> = { axial: [0, 1], coronal: [0, 2], sagittal: [1, 2] }

// Niivue's types ask for all twenty arguments; it has defaults for the rest.
type NewImage = (file: ArrayBuffer, name: string, map: string, opacity: number, paired: null, low: number, high: number) => Promise<NVImage>

const toNiivue = (volume: Volume, map: string, opacity: number, [low, high]: [number, number]): Promise<NVImage> =>
  (NVImage.new as unknown as NewImage)(volume.file, `${volume.name}.nii`, map, opacity, null, low, high)

class NiivueRenderer implements Renderer {
  private readonly nv_: Niivue
  private readonly gl_: WebGL2RenderingContext
  readonly canvas: HTMLCanvasElement
  private image_: NVImage | null = null
  private overlays_: NVImage[] = []
  private round_ = 0

  constructor(nv: Niivue, gl: WebGL2RenderingContext, canvas: HTMLCanvasElement) {
    this.nv_ = nv
    this.gl_ = gl
    this.canvas = canvas
  }

  async setImage(volume: Volume, window: [number, number]): Promise<void> {
    const image = await toNiivue(volume, 'gray', 1, window)
    this.image_ = image
    this.refresh()
  }

  setWindow([low, high]: [number, number]): void {
    if (!this.image_ || (this.image_.cal_min === low && this.image_.cal_max === high)) return
    this.image_.cal_min = low
    this.image_.cal_max = high
    this.nv_.refreshLayers(this.image_, 0)
  }

  async setOverlays(overlays: Overlay[]): Promise<void> {
    const round = ++this.round_
    const images = await Promise.all(overlays.map((o) => toNiivue(o.volume, o.map, o.opacity, o.window)))
    if (round !== this.round_) return
    this.overlays_ = images
    this.refresh()
  }

  private refresh(): void {
    if (!this.image_) return
    this.nv_.back = this.image_
    this.nv_.overlays = this.overlays_
    this.nv_.volumes = [this.image_, ...this.overlays_]
    this.nv_.updateGLVolume()
  }

  draw(frame: Frame, slice: number, density: number): void {
    if (!this.image_) return
    const { plane } = frame
    const width = Math.max(1, Math.round(frame.width * density))
    const height = Math.max(1, Math.round(frame.height * density))
    if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, { width, height })
    this.nv_.opts.sliceType = kSliceTypes[plane.orientation]
    const along = (slice + 0.5) / plane.slices
    const cross: Triple = [0.5, 0.5, 0.5]
    cross[plane.slice.world] = plane.slice.sign > 0 ? along : 1 - along
    this.nv_.scene.crosshairPos = cross
    this.nv_.scene.pan2Dxyzmm = this.panOf(frame)
    this.nv_.drawScene()
  }

  // Niivue shows (extent − pan) / zoom, with its canvas around the extent's middle: the pan that brings our centre there.
  private panOf(frame: Frame): [number, number, number, number] {
    const { plane, centre, zoom } = frame
    const low = this.image_?.extentsMinOrtho as number[]
    const high = this.image_?.extentsMaxOrtho as number[]
    const [across, up] = kAcrossUp[plane.orientation]
    // Columns run to the world's minus, rows too: both axes are mirrored.
    const fraction: Triple = [0.5, 0.5, 0.5]
    fraction[across] = 1 - centre[0] / plane.columns
    fraction[up] = 1 - centre[1] / plane.rows
    const pan = fraction.map((f, n) => (low[n] + high[n]) / 2 - (low[n] + f * (high[n] - low[n])) * zoom) as Triple
    return [...pan, zoom]
  }

  clear(): void {
    this.round_++
    this.image_ = null
    this.overlays_ = []
    this.nv_.volumes = []
    this.nv_.overlays = []
    this.nv_.back = null
    if (this.isLost()) return
    // As Niivue begins: textures of a few voxels in place of the images'.
    this.nv_.volumeTexture = this.nv_.rgbaTex(this.nv_.volumeTexture, this.gl_.TEXTURE0, [2, 2, 2, 2], true)
    this.nv_.overlayTexture = this.nv_.rgbaTex(this.nv_.overlayTexture, this.gl_.TEXTURE2, [2, 2, 2, 2], true)
    this.nv_.overlayTextureID = this.nv_.overlayTexture
    Object.assign(this.canvas, { width: 1, height: 1 })
  }

  free(): void {
    this.clear()
    this.nv_.cleanup()
    this.gl_.getExtension('WEBGL_lose_context')?.loseContext()
  }

  isLost(): boolean {
    return this.gl_.isContextLost()
  }
}

/** Throws NoWebGlError where the browser has none. */
export async function makeRenderer(): Promise<Renderer> {
  const canvas = document.createElement('canvas')
  // Niivue colours its canvas's parent.
  document.createElement('div').append(canvas)
  // Niivue takes the context that is there: this one keeps its pixels, so that they can be read and printed.
  const gl = canvas.getContext('webgl2', { alpha: true, antialias: false, preserveDrawingBuffer: true })
  if (!gl) throw new NoWebGlError()
  const nv = new Niivue({
    isResizeCanvas: false,
    interactive: false,
    crosshairWidth: 0,
    isOrientationTextVisible: false,
    isRadiologicalConvention: true,
    sagittalNoseLeft: true,
    isColorbar: false,
    backColor: [0, 0, 0, 1],
    loadingText: '',
    logLevel: 'error',
  })
  for (const [name, map] of Object.entries(kMaps)) nv.addColormap(name, map)
  await nv.attachToCanvas(canvas, false)
  return new NiivueRenderer(nv, gl, canvas)
}
