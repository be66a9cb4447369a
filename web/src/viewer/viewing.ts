// What all panes share: slice, crosshair, zoom and pan.

import { Store } from '../base/store.ts'
import { toImage, type Frame } from './frame.ts'
import type { Plane, Point } from './grid.ts'

export interface Sight {
  slice: number
  cross: Point
  centre: Point
  zoom: number
}

const kZoom = [0.5, 16] as const
const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value))

export class Viewing extends Store<Sight> {
  readonly plane: Plane
  /** Under the mouse, in whichever pane it is. */
  readonly hover = new Store<Point | null>(null)

  constructor(plane: Plane, slice: number) {
    const middle: Point = [plane.columns / 2, plane.rows / 2]
    super({ slice: clamp(slice, 0, plane.slices - 1), cross: middle, centre: middle, zoom: 1 })
    this.plane = plane
  }

  setSlice(slice: number): void {
    this.update({ slice: clamp(Math.round(slice), 0, this.plane.slices - 1) })
  }

  scroll(by: number): void {
    this.setSlice(this.value.slice + by)
  }

  setCross([column, row]: Point): void {
    this.update({ cross: [clamp(column, 0.5, this.plane.columns - 0.5), clamp(row, 0.5, this.plane.rows - 0.5)] })
  }

  /** Shows a place in the middle when the image is zoomed, and puts the crosshair on it. */
  jump(cross: Point, slice: number): void {
    this.setSlice(slice)
    this.setCross(cross)
    if (this.value.zoom > 1) this.update({ centre: cross })
  }

  pan(columns: number, rows: number): void {
    const [c, r] = this.value.centre
    this.update({ centre: [clamp(c + columns, 0, this.plane.columns), clamp(r + rows, 0, this.plane.rows)] })
  }

  /** Keeps the image point at `at` (CSS pixels of `frame`'s pane) where it is. */
  zoomAt(factor: number, frame: Frame, at: Point): void {
    const zoom = clamp(this.value.zoom * factor, ...kZoom)
    const before = toImage(frame, at)
    const after = toImage({ ...frame, zoom }, at)
    this.update({ zoom, centre: [frame.centre[0] + before[0] - after[0], frame.centre[1] + before[1] - after[1]] })
  }

  zoomBy(factor: number): void {
    this.update({ zoom: clamp(this.value.zoom * factor, ...kZoom) })
  }

  fit(): void {
    this.update({ zoom: 1, centre: [this.plane.columns / 2, this.plane.rows / 2] })
  }
}
