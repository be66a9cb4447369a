// A study's images while it is open: what the panes show, what is drawn on them, and what was measured. Freed when it is left.

import type { Channel, Study, View } from '../api/types.ts'
import { Store } from '../base/store.ts'
import { keptDisplay, keepDisplay, setupsFor, type Display } from './display.ts'
import { planeOf, type Plane, type Point } from './grid.ts'
import { outlinesOf, sliceLabels, type Outline } from './outlines.ts'
import type { Measure, MeasureKind } from './measure.ts'
import type { Volume } from './nifti.ts'
import { Viewing } from './viewing.ts'
import type { Volumes } from './volumes.ts'

/** Lesions of one version, drawn as outlines. */
export interface Layer {
  version: string
  label: string
  mask: Uint8Array
  /** Grows with every change of the mask. */
  revision: number
  dashed: boolean
  /** Of all its outlines; without it each lesion has its own. */
  colour?: string
}

/** Something that is being drawn and is no measurement yet. */
export interface Sketch {
  kind: MeasureKind
  points: Point[]
}

/** What paints into the mask while somebody edits; null otherwise. */
export interface Painter {
  begin(at: Point, slice: number, tool: 'brush' | 'eraser' | 'fill'): void
  to(at: Point): void
  end(): void
  /** Radius on the screen, in mm. */
  radius_mm(): number
}

const measuresKey = (id: string): string => `parotis.measures.${id}`

function keptMeasures(id: string): Measure[] {
  try {
    return JSON.parse(sessionStorage.getItem(measuresKey(id)) ?? '[]') as Measure[]
  } catch {
    return []
  }
}

export class Scene {
  readonly id: string
  /** Whose channels these are: all readers' versions of one analysis share them. */
  readonly version: string
  readonly view: View
  readonly plane: Plane
  readonly volumes: Volumes
  readonly viewing: Viewing
  readonly display: Store<Display>
  readonly layers = new Store<Layer[]>([])
  readonly measures: Store<Measure[]>
  readonly sketch = new Store<Sketch | null>(null)
  /** Counts volumes that came: who shows values reads them again. */
  readonly arrived = new Store(0)
  /** True once a pane found that this browser cannot draw. */
  readonly blind = new Store(false)
  readonly painter = new Store<Painter | null>(null)
  private outlines_ = new Map<string, { revision: number; slice: number; outlines: Outline[] }>()

  constructor(study: Pick<Study, 'id' | 'version'>, view: View, first: Volume, volumes: Volumes, slice: number) {
    this.id = study.id
    this.version = study.version
    this.view = view
    this.volumes = volumes
    this.plane = planeOf(first.size, first.spacing_mm, first.affine, view.slice_axis)
    this.viewing = new Viewing(this.plane, slice)
    this.display = new Store(keptDisplay(view.channels))
    this.display.subscribe(() => keepDisplay(this.display.value))
    this.measures = new Store(keptMeasures(study.id))
    this.measures.subscribe(() => sessionStorage.setItem(measuresKey(study.id), JSON.stringify(this.measures.value)))
  }

  channel(name: string): Channel | undefined {
    return this.view.channels.find((c) => c.name === name)
  }

  /** A volume of this study; refuses one on another grid. */
  async load(name: string, version = this.version): Promise<Volume> {
    const volume = await this.volumes.get(name, version, name === this.view.lesions)
    if (volume.size.some((n, axis) => n !== this.plane.size[axis])) throw new Error(`The volume ${name} has another size than the study's images.`)
    this.arrived.set(this.arrived.value + 1)
    return volume
  }

  /** A channel's volume when it has already come. */
  peek(name: string): Volume | undefined {
    return this.volumes.peek(name, this.version)
  }

  /** Outlines on a slice, as they were found last time unless the mask has changed since. */
  outlinesOf(layer: Layer, slice: number): Outline[] {
    const known = this.outlines_.get(layer.version)
    if (known && known.revision === layer.revision && known.slice === slice) return known.outlines
    const { columns, rows } = this.plane
    const outlines = outlinesOf(sliceLabels(layer.mask, this.plane, slice), columns, rows)
    this.outlines_.set(layer.version, { revision: layer.revision, slice, outlines })
    return outlines
  }

  setLayers(layers: Layer[]): void {
    this.outlines_.clear()
    this.layers.set(layers)
  }

  addMeasure(kind: MeasureKind, points: Point[], channel: string): void {
    const id = Math.max(0, ...this.measures.value.map((m) => m.id)) + 1
    this.measures.set([...this.measures.value, { id, kind, slice: this.viewing.value.slice, points, channel }])
  }

  removeMeasure(id: number): void {
    this.measures.set(this.measures.value.filter((m) => m.id !== id))
  }

  resetWindows(): void {
    const { panes } = this.display.value
    this.display.update({ panes: panes.map((pane) => ({ ...pane, window: null })) })
  }

  setLayout(layout: Display['layout']): void {
    const { panes, active } = this.display.value
    this.display.update({ layout, active: Math.min(active, layout - 1), panes: setupsFor(this.view.channels, panes) })
  }

  free(): void {
    this.volumes.free()
    this.outlines_.clear()
    this.layers.set([])
    this.painter.set(null)
  }
}
