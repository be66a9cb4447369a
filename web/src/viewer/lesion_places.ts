// Where lesions are in a mask: for jumping to them, and for their sizes while they are drawn. Pure.

import { strides, type Place, type Plane } from './grid.ts'

interface Part {
  pixels: number
  columns: number
  rows: number
}

function partsOf(mask: Uint8Array, plane: Plane, id: number): Part[] {
  const { start, column, row, slice } = strides(plane)
  return Array.from({ length: plane.slices }, (_, s) => {
    const part: Part = { pixels: 0, columns: 0, rows: 0 }
    for (let r = 0; r < plane.rows; r++) {
      for (let c = 0, at = start + s * slice + r * row; c < plane.columns; c++, at += column) {
        if (mask[at] !== id) continue
        part.pixels++
        part.columns += c + 0.5
        part.rows += r + 0.5
      }
    }
    return part
  })
}

/** The middle of the lesion on its largest slice; null when nothing of it is drawn. */
export function lesionPlace(mask: Uint8Array, plane: Plane, id: number): Place | null {
  const parts = partsOf(mask, plane, id)
  const best = parts.reduce((most, part, s) => (part.pixels > parts[most].pixels ? s : most), 0)
  const { pixels, columns, rows } = parts[best]
  return pixels === 0 ? null : { column: columns / pixels, row: rows / pixels, slice: best }
}

/** Voxels of every lesion in the mask. */
export function voxelCounts(mask: Uint8Array): Map<number, number> {
  const counts = new Uint32Array(256)
  for (const id of mask) counts[id]++
  const drawn = [...counts.entries()].filter(([id, n]): boolean => id !== 0 && n > 0)
  return new Map(drawn)
}

export const voxelVolume_ml = (plane: Plane): number => (plane.pixel_mm[0] * plane.pixel_mm[1] * plane.slice_mm) / 1000
