// Reads the NIfTI-1 volumes that the node writes: one 3-D volume of int16, uint8 or float32 with an sform. Pure.

import type { Affine, Triple } from './grid.ts'

export interface Volume {
  name: string
  size: Triple
  spacing_mm: Triple
  /** Voxel index → RAS mm. */
  affine: Affine
  /** As stored, x fastest; a quantity is stored · slope + inter. */
  stored: Int16Array | Uint8Array | Float32Array
  slope: number
  inter: number
  /** The whole file, for Niivue. */
  file: ArrayBuffer
}

export const valueAt = (volume: Volume, index: number): number => volume.stored[index] * volume.slope + volume.inter

function storedValues(file: ArrayBuffer, type: number, offset: number, count: number, name: string): Volume['stored'] {
  if (type === 2) return new Uint8Array(file, offset, count)
  // A view needs an aligned start; the node writes 352, others may not.
  const bytes = type === 4 ? 2 : 4
  const from = offset % bytes === 0 ? file : file.slice(offset)
  const at = offset % bytes === 0 ? offset : 0
  if (type === 4) return new Int16Array(from, at, count)
  if (type === 16) return new Float32Array(from, at, count)
  throw new Error(`The volume ${name} has NIfTI data type ${type}; the page reads int16, uint8 and float32.`)
}

/** Throws with a sentence for people when the bytes are no such volume. */
export function parseNifti(file: ArrayBuffer, name: string): Volume {
  const head = new DataView(file)
  if (file.byteLength < 352 || head.getInt32(0, true) !== 348) throw new Error(`The volume ${name} is not a NIfTI-1 file, or was cut off on its way.`)
  const dim = (n: number): number => head.getInt16(40 + 2 * n, true)
  const size: Triple = [dim(1), dim(2), dim(3)]
  const count = size[0] * size[1] * size[2]
  const type = head.getInt16(70, true)
  const offset = Math.round(head.getFloat32(108, true))
  const bits = head.getInt16(72, true)
  if (file.byteLength < offset + (count * bits) / 8) throw new Error(`The volume ${name} was cut off on its way; load the study again.`)
  const row = (n: number): [number, number, number, number] => [0, 1, 2, 3].map((c) => head.getFloat32(280 + 16 * n + 4 * c, true)) as [number, number, number, number]
  const slope = head.getFloat32(112, true)
  return {
    name,
    size,
    spacing_mm: [1, 2, 3].map((n) => head.getFloat32(76 + 4 * n, true)) as Triple,
    affine: [row(0), row(1), row(2)],
    stored: storedValues(file, type, offset, count, name),
    slope: Number.isFinite(slope) && slope !== 0 ? slope : 1,
    inter: Number.isFinite(slope) && slope !== 0 ? head.getFloat32(116, true) : 0,
    file,
  }
}

/** Undoes gzip when the bytes begin as gzip does: some servers and browsers have done so already. */
export async function gunzipped(bytes: ArrayBuffer): Promise<ArrayBuffer> {
  const start = new Uint8Array(bytes, 0, Math.min(2, bytes.byteLength))
  if (start[0] !== 0x1f || start[1] !== 0x8b) return bytes
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer()
}
