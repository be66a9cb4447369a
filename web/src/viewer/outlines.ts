// Outlines of labels on one slice: closed lines through the middles of the edges between pixels that are in and those that are
// out, so that a line never strays more than half a pixel from the mask. Pure.

import { strides, type Plane, type Point } from './grid.ts'

export interface Outline {
  id: number
  loops: Point[][]
}

/** Labels of a slice as it lies on the screen, rows first. */
export function sliceLabels(mask: Uint8Array, plane: Plane, slice: number): Uint8Array {
  const { start, column, row, slice: step } = strides(plane)
  const out = new Uint8Array(plane.columns * plane.rows)
  for (let r = 0, at = 0; r < plane.rows; r++) {
    let from = start + slice * step + r * row
    for (let c = 0; c < plane.columns; c++, from += column) out[at++] = mask[from]
  }
  return out
}

// Directions of an edge walked with the label on its right: 0 right, 1 down, 2 left, 3 up.
const kStep: Point[] = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
]

function loopsOf(isIn: (c: number, r: number) => boolean, columns: number, rows: number): Point[][] {
  // An edge is a corner and a direction; the pixel on its right is in, the one on its left is out.
  const key = (c: number, r: number, d: number): number => ((r + 1) * (columns + 2) + c + 1) * 4 + d
  const exists = (c: number, r: number, d: number): boolean => {
    const [inside, outside]: [Point, Point] =
      d === 0 ? [[c, r], [c, r - 1]] : d === 1 ? [[c - 1, r], [c, r]] : d === 2 ? [[c - 1, r - 1], [c - 1, r]] : [[c, r - 1], [c - 1, r - 1]]
    return isIn(...inside) && !isIn(...outside)
  }
  const done = new Set<number>()
  const walk = (c: number, r: number): Point[] => {
    const loop: Point[] = []
    let d = 0
    while (!done.has(key(c, r, d))) {
      done.add(key(c, r, d))
      loop.push([c + kStep[d][0] / 2, r + kStep[d][1] / 2])
      c += kStep[d][0]
      r += kStep[d][1]
      // Right first: where two pixels touch at a corner only, they stay two pieces.
      d = [(d + 1) % 4, d, (d + 3) % 4].find((turn) => exists(c, r, turn)) ?? d
    }
    return loop
  }
  const loops: Point[][] = []
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) if (exists(c, r, 0) && !done.has(key(c, r, 0))) loops.push(walk(c, r))
  return loops
}

// The middles of edges lie in steps; a third of each neighbour takes the steps away and moves no point by more than a quarter pixel.
function smooth(loop: Point[]): Point[] {
  const n = loop.length
  return loop.map(([c, r], at) => {
    const [c1, r1] = loop[(at + n - 1) % n]
    const [c2, r2] = loop[(at + 1) % n]
    return [(c1 + c + c2) / 3, (r1 + r + r2) / 3]
  })
}

export function outlinesOf(labels: Uint8Array, columns: number, rows: number): Outline[] {
  const ids = [...new Set(labels)].filter((id) => id !== 0).sort((a, b) => a - b)
  return ids.map((id) => {
    const isIn = (c: number, r: number): boolean => c >= 0 && r >= 0 && c < columns && r < rows && labels[r * columns + c] === id
    return { id, loops: loopsOf(isIn, columns, rows).map(smooth) }
  })
}
