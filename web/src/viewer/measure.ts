// Distances and regions on one slice, in millimetres and in the channels' own units. Pure.

import type { Plane, Point } from './grid.ts'

export type MeasureKind = 'distance' | 'ellipse' | 'freehand'

export interface Measure {
  id: number
  kind: MeasureKind
  slice: number
  /** Distance: both ends. Ellipse: two opposite corners of its box. Freehand: the closed line. Image coordinates. */
  points: Point[]
  /** The channel of the pane it was drawn in. */
  channel: string
}

export interface Statistics {
  n: number
  mean: number
  /** Of the sample: divided by n − 1; NaN for a single pixel. */
  sd: number
  min: number
  max: number
}

export function distance_mm([a, b]: Point[], [w, h]: [number, number]): number {
  return Math.hypot((b[0] - a[0]) * w, (b[1] - a[1]) * h)
}

interface Ellipse {
  centre: Point
  radii: Point
}

export function ellipseOf([a, b]: Point[]): Ellipse {
  return { centre: [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2], radii: [Math.abs(b[0] - a[0]) / 2, Math.abs(b[1] - a[1]) / 2] }
}

/** Half the sum of cross products: the shoelace formula. */
export function polygonArea_px(points: Point[]): number {
  let twice = 0
  points.forEach(([c, r], n) => {
    const [c2, r2] = points[(n + 1) % points.length]
    twice += c * r2 - c2 * r
  })
  return Math.abs(twice) / 2
}

/** Of the shape itself, not of the pixels in it. */
export function area_mm2(measure: Pick<Measure, 'kind' | 'points'>, [w, h]: [number, number]): number {
  if (measure.kind === 'distance') return 0
  if (measure.kind === 'freehand') return polygonArea_px(measure.points) * w * h
  const { radii } = ellipseOf(measure.points)
  return Math.PI * radii[0] * w * radii[1] * h
}

// Crossings of a ray to the right; even outside, odd inside.
function inPolygon(points: Point[], c: number, r: number): boolean {
  let odd = false
  for (let n = 0, m = points.length - 1; n < points.length; m = n++) {
    const [c1, r1] = points[n]
    const [c2, r2] = points[m]
    if (r1 > r !== r2 > r && c < ((c2 - c1) * (r - r1)) / (r2 - r1) + c1) odd = !odd
  }
  return odd
}

/** Pixels whose centres lie in the region. */
export function pixelsIn(measure: Pick<Measure, 'kind' | 'points'>, plane: Plane): Point[] {
  if (measure.kind === 'distance' || measure.points.length < 2) return []
  const { centre, radii } = ellipseOf(measure.points)
  const isIn = (c: number, r: number): boolean =>
    measure.kind === 'ellipse' ? ((c - centre[0]) / radii[0]) ** 2 + ((r - centre[1]) / radii[1]) ** 2 <= 1 : inPolygon(measure.points, c, r)
  const columns = measure.points.map((p) => p[0])
  const rows = measure.points.map((p) => p[1])
  const out: Point[] = []
  for (let r = Math.max(0, Math.floor(Math.min(...rows))); r < Math.min(plane.rows, Math.ceil(Math.max(...rows))); r++)
    for (let c = Math.max(0, Math.floor(Math.min(...columns))); c < Math.min(plane.columns, Math.ceil(Math.max(...columns))); c++)
      if (isIn(c + 0.5, r + 0.5)) out.push([c, r])
  return out
}

/** Null without values. */
export function statisticsOf(values: number[]): Statistics | null {
  if (values.length === 0) return null
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length
  const squares = values.reduce((sum, v) => sum + (v - mean) ** 2, 0)
  return {
    n: values.length,
    mean,
    sd: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : NaN,
    min: values.reduce((a, b) => Math.min(a, b)),
    max: values.reduce((a, b) => Math.max(a, b)),
  }
}
