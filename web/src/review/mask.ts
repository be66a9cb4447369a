// Drawing in a mask of lesion numbers: which voxels a brush touches, what was changed, and how to take it back. Pure.

import { indexOf, isInside, strides, type Plane, type Point } from '../viewer/grid.ts'

export interface Brush {
  radius_mm: number
  /** A ball through neighbouring slices instead of a disc on one. */
  deep: boolean
}

/** Runs of voxels that had one value before and have another now. */
export interface Change {
  starts: Uint32Array
  lengths: Uint32Array
  before: Uint8Array
  after: number
}

function disc(plane: Plane, [column, row]: Point, slice: number, radius_mm: number, into: Set<number>): void {
  const [w, h] = plane.pixel_mm
  for (let r = Math.floor(row - radius_mm / h); r <= row + radius_mm / h; r++)
    for (let c = Math.floor(column - radius_mm / w); c <= column + radius_mm / w; c++) {
      const near = Math.hypot((c + 0.5 - column) * w, (r + 0.5 - row) * h) <= radius_mm
      if (near && isInside(plane, c, r)) into.add(indexOf(plane, c, r, slice))
    }
}

/** Voxels whose centres lie within the brush, and always the one under its middle. */
export function dab(plane: Plane, at: Point, slice: number, brush: Brush, into = new Set<number>()): Set<number> {
  const [c, r] = [Math.floor(at[0]), Math.floor(at[1])]
  if (isInside(plane, c, r)) into.add(indexOf(plane, c, r, slice))
  const reach = brush.deep ? Math.floor(brush.radius_mm / plane.slice_mm) : 0
  for (let k = Math.max(0, slice - reach); k <= Math.min(plane.slices - 1, slice + reach); k++) {
    const away_mm = (k - slice) * plane.slice_mm
    disc(plane, at, k, Math.sqrt(Math.max(0, brush.radius_mm ** 2 - away_mm ** 2)), into)
  }
  return into
}

/** Every voxel the brush passes on a straight way: the mouse is asked too seldom to be taken point by point. */
export function sweep(plane: Plane, from: Point, to: Point, slice: number, brush: Brush): Set<number> {
  const [w, h] = plane.pixel_mm
  const length_mm = Math.hypot((to[0] - from[0]) * w, (to[1] - from[1]) * h)
  const steps = Math.max(1, Math.ceil(length_mm / Math.max(0.5 * Math.min(w, h), brush.radius_mm / 3)))
  const touched = new Set<number>()
  for (let n = 0; n <= steps; n++) {
    const t = n / steps
    dab(plane, [from[0] + t * (to[0] - from[0]), from[1] + t * (to[1] - from[1])], slice, brush, touched)
  }
  return touched
}

/** The connected piece (by faces, in 3-D) of the label at `start`; empty on background. */
export function pieceAt(mask: Uint8Array, plane: Plane, start: number): Set<number> {
  const id = mask[start]
  const piece = new Set<number>()
  if (!id) return piece
  const [nx, ny] = plane.size
  const layer = nx * ny
  const todo = [start]
  piece.add(start)
  const visit = (at: number, allowed: boolean): void => {
    if (!allowed || mask[at] !== id || piece.has(at)) return
    piece.add(at)
    todo.push(at)
  }
  for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
    const x = at % nx
    const y = Math.floor(at / nx) % ny
    visit(at - 1, x > 0)
    visit(at + 1, x < nx - 1)
    visit(at - nx, y > 0)
    visit(at + nx, y < ny - 1)
    visit(at - layer, at >= layer)
    visit(at + layer, at + layer < mask.length)
  }
  return piece
}

/** Pixels of the slice that `id` encloses without being drawn: holes, and the inside of a ring that was drawn. */
export function holesOf(mask: Uint8Array, plane: Plane, slice: number, id: number): Set<number> {
  const { start, column, row, slice: step } = strides(plane)
  const at = (c: number, r: number): number => start + slice * step + r * row + c * column
  const outside = new Uint8Array(plane.columns * plane.rows)
  const todo: Point[] = []
  const visit = (c: number, r: number): void => {
    if (!isInside(plane, c, r) || outside[r * plane.columns + c] || mask[at(c, r)] === id) return
    outside[r * plane.columns + c] = 1
    todo.push([c, r])
  }
  for (let c = 0; c < plane.columns; c++) [0, plane.rows - 1].forEach((r) => visit(c, r))
  for (let r = 0; r < plane.rows; r++) [0, plane.columns - 1].forEach((c) => visit(c, r))
  for (let p = todo.pop(); p; p = todo.pop()) for (const [dc, dr] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) visit(p[0] + dc, p[1] + dr)
  const holes = new Set<number>()
  for (let r = 0; r < plane.rows; r++)
    for (let c = 0; c < plane.columns; c++) if (!outside[r * plane.columns + c] && mask[at(c, r)] !== id) holes.add(at(c, r))
  return holes
}

/** Sets `voxels` to `after` where `may` allows it, and says what was changed. Null when nothing was. */
export function paint(mask: Uint8Array, voxels: Iterable<number>, after: number, may: (before: number) => boolean = () => true): Change | null {
  const changed = [...voxels].filter((at) => mask[at] !== after && may(mask[at])).sort((a, b) => a - b)
  if (!changed.length) return null
  const starts: number[] = []
  const lengths: number[] = []
  const before: number[] = []
  for (const at of changed) {
    const last = starts.length - 1
    if (last >= 0 && starts[last] + lengths[last] === at && before[last] === mask[at]) lengths[last]++
    else {
      starts.push(at)
      lengths.push(1)
      before.push(mask[at])
    }
  }
  for (const at of changed) mask[at] = after
  return { starts: Uint32Array.from(starts), lengths: Uint32Array.from(lengths), before: Uint8Array.from(before), after }
}

export function undoChange(mask: Uint8Array, { starts, lengths, before }: Change): void {
  starts.forEach((start, n) => mask.fill(before[n], start, start + lengths[n]))
}

export function redoChange(mask: Uint8Array, { starts, lengths, after }: Change): void {
  starts.forEach((start, n) => mask.fill(after, start, start + lengths[n]))
}
