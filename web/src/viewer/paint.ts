// Everything above the image: outlines, crosshair, measurements, and what is being drawn. In CSS pixels of the pane.

import { pixelsPerMm, toScreen, type Frame } from './frame.ts'
import type { Point } from './grid.ts'
import { lesionColour } from './colours.ts'
import { area_mm2, distance_mm, ellipseOf, type Measure } from './measure.ts'
import type { Outline } from './outlines.ts'

export interface Marks {
  outlines: { outlines: Outline[]; dashed: boolean; colour?: string | undefined }[]
  outlineOpacity: number
  outlineWidth: number
  cross: Point | null
  measures: Pick<Measure, 'kind' | 'points'>[]
  /** Numbers beside measurements; 0: none. */
  numbers: number[]
  brush: { at: Point; radius_mm: number } | null
  /** Column of the line between before and after, of the pane's width; null without. */
  swipe: number | null
}

const kHalo = 'rgb(0 0 0 / 0.65)'
const kMeasure = '#8ff0ff'

function trace(context: CanvasRenderingContext2D, frame: Frame, points: Point[], close: boolean): void {
  context.beginPath()
  points.forEach((point, n) => {
    const [x, y] = toScreen(frame, point)
    if (n) context.lineTo(x, y)
    else context.moveTo(x, y)
  })
  if (close) context.closePath()
}

/** A dark line under a bright one is seen on every image. */
function stroke(context: CanvasRenderingContext2D, colour: string, width: number): void {
  context.strokeStyle = kHalo
  context.lineWidth = width + 1.5
  context.stroke()
  context.strokeStyle = colour
  context.lineWidth = width
  context.stroke()
}

function label(context: CanvasRenderingContext2D, text: string, [x, y]: Point, colour: string): void {
  context.font = '600 12px system-ui, sans-serif'
  context.lineWidth = 3
  context.strokeStyle = 'rgb(0 0 0 / 0.85)'
  context.strokeText(text, x, y)
  context.fillStyle = colour
  context.fillText(text, x, y)
}

function paintOutlines(context: CanvasRenderingContext2D, frame: Frame, marks: Marks): void {
  context.globalAlpha = marks.outlineOpacity
  for (const { outlines, dashed, colour: ofLayer } of marks.outlines) {
    context.setLineDash(dashed ? [5, 4] : [])
    for (const { id, loops } of outlines) {
      const colour = ofLayer ?? lesionColour(id)
      for (const loop of loops) {
        trace(context, frame, loop, true)
        stroke(context, colour, marks.outlineWidth)
      }
      const right = loops.flat().reduce((best, point) => (point[0] > best[0] ? point : best), [-1, 0] as Point)
      const [x, y] = toScreen(frame, right)
      if (!dashed) label(context, String(id), [x + 5, y + 4], colour)
    }
  }
  context.setLineDash([])
  context.globalAlpha = 1
}

function paintCross(context: CanvasRenderingContext2D, frame: Frame, cross: Point): void {
  const [x, y] = toScreen(frame, cross)
  const gap = 8
  context.strokeStyle = 'rgb(120 190 255 / 0.7)'
  context.lineWidth = 1
  context.beginPath()
  for (const [x1, y1, x2, y2] of [
    [0, y, x - gap, y],
    [x + gap, y, frame.width, y],
    [x, 0, x, y - gap],
    [x, y + gap, x, frame.height],
  ]) {
    context.moveTo(x1, y1)
    context.lineTo(x2, y2)
  }
  context.stroke()
}

const words = (measure: Pick<Measure, 'kind' | 'points'>, pixel_mm: [number, number]): string =>
  measure.kind === 'distance' ? `${distance_mm(measure.points, pixel_mm).toFixed(1)} mm` : `${area_mm2(measure, pixel_mm).toFixed(0)} mm²`

function paintMeasure(context: CanvasRenderingContext2D, frame: Frame, measure: Pick<Measure, 'kind' | 'points'>, number: number): void {
  if (measure.points.length < 2) return
  if (measure.kind === 'ellipse') {
    const { centre, radii } = ellipseOf(measure.points)
    const [x, y] = toScreen(frame, centre)
    const scale = pixelsPerMm(frame)
    context.beginPath()
    context.ellipse(x, y, radii[0] * frame.plane.pixel_mm[0] * scale, radii[1] * frame.plane.pixel_mm[1] * scale, 0, 0, 2 * Math.PI)
  } else trace(context, frame, measure.points, measure.kind === 'freehand')
  stroke(context, kMeasure, 1.5)
  const right = measure.points.reduce((best, point) => (point[0] > best[0] ? point : best))
  const [x, y] = toScreen(frame, right)
  label(context, `${number ? `M${number} ` : ''}${words(measure, frame.plane.pixel_mm)}`, [Math.min(x + 6, frame.width - 84), y - 4], kMeasure)
}

function paintBrush(context: CanvasRenderingContext2D, frame: Frame, brush: NonNullable<Marks['brush']>): void {
  const [x, y] = toScreen(frame, brush.at)
  context.beginPath()
  context.arc(x, y, Math.max(1, brush.radius_mm * pixelsPerMm(frame)), 0, 2 * Math.PI)
  stroke(context, '#ffffff', 1)
}

function paintSwipe(context: CanvasRenderingContext2D, frame: Frame, at: number): void {
  const x = at * frame.width
  context.beginPath()
  context.moveTo(x, 0)
  context.lineTo(x, frame.height)
  stroke(context, '#ffffff', 1.5)
  label(context, 'before', [Math.max(4, x - 50), frame.height - 40], '#ffffff')
  label(context, 'after', [Math.min(frame.width - 34, x + 8), frame.height - 40], '#ffffff')
}

export function paintMarks(context: CanvasRenderingContext2D, frame: Frame, density: number, marks: Marks): void {
  context.setTransform(density, 0, 0, density, 0, 0)
  context.clearRect(0, 0, frame.width, frame.height)
  context.lineJoin = 'round'
  if (marks.cross) paintCross(context, frame, marks.cross)
  paintOutlines(context, frame, marks)
  marks.measures.forEach((measure, n) => paintMeasure(context, frame, measure, marks.numbers[n]))
  if (marks.brush) paintBrush(context, frame, marks.brush)
  if (marks.swipe !== null) paintSwipe(context, frame, marks.swipe)
}
