// One pane's canvases: loads what it shows, draws when something changed, at most once a frame, and frees it all.

import type { Channel } from '../api/types.ts'
import type { PaneSetup } from './display.ts'
import type { Frame } from './frame.ts'
import type { Volume } from './nifti.ts'
import { paintMarks, type Marks } from './paint.ts'
import { NoWebGlError, type Overlay, type Renderer } from './renderer.ts'
import { giveBack, takeRenderer } from './renderer_pool.ts'
import type { Scene } from './scene.ts'

export interface PaneCanvases {
  /** Holds the image's canvas. */
  image: HTMLElement
  /** Above `image`, clipped: holds the channel before alignment. Used while comparing only. */
  before: HTMLElement
  marks: HTMLCanvasElement
}

export type PaneState = 'loading' | 'ready' | 'failed'

const kChecker_px = 48

export class PaneDrawing {
  swipe = 0.5
  private readonly scene_: Scene
  private readonly index_: number
  private readonly canvases_: PaneCanvases
  private readonly onState_: (state: PaneState, problem: string) => void
  private image_: Renderer | null = null
  private before_: Renderer | null = null
  private shown_ = ''
  private overlaid_ = ''
  private asked_ = 0
  /** The image itself is to be drawn again. */
  private stale_ = true
  private freed_ = false
  private ends_: (() => void)[] = []

  constructor(scene: Scene, index: number, canvases: PaneCanvases, onState: (state: PaneState, problem: string) => void) {
    this.scene_ = scene
    this.index_ = index
    this.canvases_ = canvases
    this.onState_ = onState
    const again = (): void => this.ask()
    const marks = (): void => this.ask(false)
    this.ends_.push(scene.viewing.subscribe(again))
    for (const store of [scene.layers, scene.measures, scene.sketch]) this.ends_.push(store.subscribe(marks))
    this.ends_.push(scene.viewing.hover.subscribe(() => this.scene_.painter.value && marks()))
    this.ends_.push(scene.display.subscribe(() => void this.load()))
    const sizes = new ResizeObserver(again)
    sizes.observe(canvases.marks)
    this.ends_.push(() => sizes.disconnect())
    void this.load()
  }

  setup(): PaneSetup {
    return this.scene_.display.value.panes[this.index_]
  }

  channel(): Channel {
    return this.scene_.channel(this.setup().channel) ?? this.scene_.view.channels[0]
  }

  /** The grey image: the channel itself, or the reference while comparing. */
  private ground(): Channel {
    return this.setup().compare ? this.scene_.view.channels[0] : this.channel()
  }

  window(): [number, number] {
    return this.setup().window ?? this.ground().window
  }

  frame(): Frame {
    const { centre, zoom } = this.scene_.viewing.value
    const { clientWidth, clientHeight } = this.canvases_.marks
    return { plane: this.scene_.plane, width: clientWidth, height: clientHeight, centre, zoom }
  }

  /** Loads what the setup asks for and is not there yet; then draws. */
  private async load(): Promise<void> {
    try {
      await this.loadImage()
      await this.loadOverlays()
      if (!this.freed_) this.ask()
    } catch (error) {
      this.shown_ = ''
      if (error instanceof NoWebGlError) this.scene_.blind.set(true)
      if (!this.freed_) this.onState_('failed', error instanceof Error ? error.message : String(error))
    }
  }

  private async loadImage(): Promise<void> {
    const { compare } = this.setup()
    const ground = this.ground()
    const wanted = `${ground.volume} ${compare !== null}`
    const window = this.window()
    if (wanted === this.shown_) {
      this.image_?.setWindow(window)
      this.before_?.setWindow(window)
      return
    }
    this.shown_ = wanted
    this.onState_('loading', '')
    const volume = await this.scene_.load(ground.volume)
    if (this.freed_ || wanted !== this.shown_) return
    this.image_ ??= await this.renderer(this.canvases_.image)
    await this.image_?.setImage(volume, window)
    if (compare) this.before_ ??= await this.renderer(this.canvases_.before)
    else this.freeBefore()
    await this.before_?.setImage(volume, window)
    if (this.freed_ || wanted !== this.shown_) return
    this.overlaid_ = ''
    this.onState_('ready', '')
  }

  private async renderer(holder: HTMLElement): Promise<Renderer | null> {
    const taken = await takeRenderer()
    if (this.freed_) {
      giveBack(taken)
      return null
    }
    holder.append(taken.canvas)
    taken.canvas.addEventListener('webglcontextlost', this.lost_, { once: true })
    return taken
  }

  private readonly lost_ = (): void => {
    if (!this.freed_) this.onState_('failed', 'The graphics card was taken away from the page.')
  }

  private giveBack(renderer: Renderer | null): void {
    renderer?.canvas.removeEventListener('webglcontextlost', this.lost_)
    if (renderer) giveBack(renderer)
  }

  private async loadOverlays(): Promise<void> {
    const { probability, quantity } = this.scene_.display.value
    const { compare } = this.setup()
    const { view } = this.scene_
    const channel = this.channel()
    const wanted = JSON.stringify([compare && [channel.name, compare], probability, quantity])
    if (wanted === this.overlaid_ || !this.image_) return
    this.overlaid_ = wanted
    const over = (volume: Volume, map: Overlay['map'], window: [number, number], opacity: number): Overlay => ({ volume, map, window, opacity })
    const common: Overlay[] = []
    if (!compare && quantity.on) {
      const adc = view.channels.find((c) => c.quantity)
      if (adc && adc !== channel) common.push(over(await this.scene_.load(adc.volume), 'parotis-quantity', adc.window, quantity.opacity))
    }
    if (!compare && probability.on && view.probability) common.push(over(await this.scene_.load(view.probability), 'parotis-probability', [0, 1], probability.opacity))
    if (compare && channel.before) {
      const [after, before] = [await this.scene_.load(channel.volume), await this.scene_.load(channel.before)]
      await this.before_?.setOverlays([over(before, 'parotis-moved', channel.window, 0.75)])
      common.push(over(after, 'parotis-moved', channel.window, 0.75))
    }
    if (!this.freed_) await this.image_.setOverlays(common)
  }

  /** Draws in the next frame; without the image when nothing but the marks above it changed. */
  ask(image = true): void {
    this.stale_ ||= image
    if (this.asked_ || this.freed_) return
    this.asked_ = requestAnimationFrame(() => {
      this.asked_ = 0
      this.draw()
    })
  }

  private draw(): void {
    const frame = this.frame()
    if (frame.width < 1 || frame.height < 1) return
    const density = Math.min(2, devicePixelRatio)
    const { slice } = this.scene_.viewing.value
    if (this.stale_) {
      this.image_?.draw(frame, slice, density)
      this.before_?.draw(frame, slice, density)
      this.clipBefore(frame)
      this.stale_ = false
    }
    const { marks } = this.canvases_
    const [width, height] = [Math.round(frame.width * density), Math.round(frame.height * density)]
    if (marks.width !== width || marks.height !== height) Object.assign(marks, { width, height })
    // Not `willReadFrequently`: Chromium's graphics process keeps the pictures of such canvases after they have gone.
    const context = marks.getContext('2d')
    if (context) paintMarks(context, frame, density, this.marks())
    marks.dataset.slice = String(slice + 1)
  }

  private clipBefore({ width, height }: Frame): void {
    const { style } = this.canvases_.before
    const { compare } = this.setup()
    style.display = compare ? '' : 'none'
    if (compare === 'swipe') style.clipPath = `inset(0 ${(1 - this.swipe) * 100}% 0 0)`
    if (compare !== 'checker') return
    const squares: string[] = []
    for (let y = 0; y < height; y += kChecker_px)
      for (let x = (y / kChecker_px) % 2 ? kChecker_px : 0; x < width; x += 2 * kChecker_px) squares.push(`M${x} ${y}h${kChecker_px}v${kChecker_px}h-${kChecker_px}z`)
    style.clipPath = `path("${squares.join('')}")`
  }

  private marks(): Marks {
    const { display, viewing, layers, measures, sketch, painter } = this.scene_
    const { outlines, cross, tool } = display.value
    const { slice } = viewing.value
    const here = measures.value.filter((m) => m.slice === slice)
    const painting = painter.value && (tool === 'brush' || tool === 'eraser')
    return {
      outlines: outlines.on ? layers.value.map((layer) => ({ outlines: this.scene_.outlinesOf(layer, slice), dashed: layer.dashed, colour: layer.colour })) : [],
      outlineOpacity: outlines.opacity,
      outlineWidth: outlines.width,
      cross: cross ? viewing.value.cross : null,
      measures: sketch.value ? [...here, sketch.value] : here,
      numbers: [...here.map((m) => m.id), 0],
      brush: painter.value && painting ? { at: viewing.hover.value ?? viewing.value.cross, radius_mm: painter.value.radius_mm() } : null,
      swipe: this.setup().compare === 'swipe' ? this.swipe : null,
    }
  }

  private freeBefore(): void {
    this.giveBack(this.before_)
    this.before_ = null
  }

  free(): void {
    this.freed_ = true
    cancelAnimationFrame(this.asked_)
    for (const end of this.ends_) end()
    // Their memory is given back now, not when the page's rubbish is collected.
    Object.assign(this.canvases_.marks, { width: 0, height: 0 })
    this.giveBack(this.image_)
    this.giveBack(this.before_)
  }
}
