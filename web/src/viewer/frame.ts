// From image coordinates to a pane's pixels and back. Pure.

import type { Plane, Point } from './grid.ts'

export interface Frame {
  plane: Plane
  /** CSS pixels. */
  width: number
  height: number
  /** The image point in the pane's middle. */
  centre: Point
  /** 1: the whole image fits. */
  zoom: number
}

export function pixelsPerMm({ plane, width, height, zoom }: Frame): number {
  return Math.min(width / (plane.columns * plane.pixel_mm[0]), height / (plane.rows * plane.pixel_mm[1])) * zoom
}

export function toScreen(frame: Frame, [column, row]: Point): Point {
  const scale = pixelsPerMm(frame)
  const [w, h] = frame.plane.pixel_mm
  return [frame.width / 2 + (column - frame.centre[0]) * w * scale, frame.height / 2 + (row - frame.centre[1]) * h * scale]
}

export function toImage(frame: Frame, [x, y]: Point): Point {
  const scale = pixelsPerMm(frame)
  const [w, h] = frame.plane.pixel_mm
  return [frame.centre[0] + (x - frame.width / 2) / (w * scale), frame.centre[1] + (y - frame.height / 2) / (h * scale)]
}
