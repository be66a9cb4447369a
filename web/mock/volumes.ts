// A small head made of ellipsoids, as the node would send it: every number in it is known, so that tests can ask for it.

import { gzipSync } from 'node:zlib'

export interface Geometry {
  size: [number, number, number]
  spacing_mm: [number, number, number]
  slice_axis: 0 | 1 | 2
  /** Rows of the voxel → RAS mm matrix. */
  affine: [number[], number[], number[]]
}

export interface Ellipsoid {
  id: number
  /** Voxels. */
  centre: [number, number, number]
  radii: [number, number, number]
  adc_um2_s: number
}

export interface Phantom {
  geometry: Geometry
  lesions: Ellipsoid[]
}

/** As scanners store axial slices: columns run to the patient's left, rows to the back, slices to the head. */
export const kAxial: Geometry = {
  size: [128, 128, 20],
  spacing_mm: [1, 1, 4],
  slice_axis: 2,
  affine: [
    [-1, 0, 0, 64],
    [0, -1, 0, 64],
    [0, 0, 4, -40],
  ],
}

/** As large as a real study's T2: for what memory and time are measured with. */
export const kLarge: Geometry = {
  size: [320, 320, 24],
  spacing_mm: [0.6, 0.6, 4.4],
  slice_axis: 2,
  affine: [
    [-0.6, 0, 0, 96],
    [0, -0.6, 0, 96],
    [0, 0, 4.4, -50],
  ],
}

/** The same head on another grid: coronal slices stored second, everything else the other way round. */
export const kCoronal: Geometry = {
  size: [96, 24, 110],
  spacing_mm: [1.2, 4, 1],
  slice_axis: 1,
  affine: [
    [1.2, 0, 0, -57],
    [0, 4, 0, -48],
    [0, 0, -1, 55],
  ],
}

const inside = (e: Ellipsoid, i: number, j: number, k: number): boolean =>
  ((i - e.centre[0]) / e.radii[0]) ** 2 + ((j - e.centre[1]) / e.radii[1]) ** 2 + ((k - e.centre[2]) / e.radii[2]) ** 2 <= 1

function fill<T extends Int16Array | Uint8Array>(out: T, size: [number, number, number], value: (i: number, j: number, k: number) => number): T {
  let at = 0
  for (let k = 0; k < size[2]; k++) for (let j = 0; j < size[1]; j++) for (let i = 0; i < size[0]; i++) out[at++] = value(i, j, k)
  return out
}

export function lesionMask({ geometry, lesions }: Phantom): Uint8Array {
  const mask = new Uint8Array(geometry.size[0] * geometry.size[1] * geometry.size[2])
  return fill(mask, geometry.size, (i, j, k) => lesions.find((e) => inside(e, i, j, k))?.id ?? 0)
}

// Cheap noise that is the same in every run.
const grain = (i: number, j: number, k: number, n: number): number => ((((i * 73856093) ^ (j * 19349663) ^ (k * 83492791) ^ (n * 2654435)) >>> 0) % 1000) / 1000 - 0.5

const kSignal: Record<string, [number, number, number]> = { T2: [320, 520, 640], T1C: [260, 380, 700], B0: [300, 420, 620], B1000: [70, 110, 330] }

/** Channel values; ADC is exactly adc_um2_s in a lesion, 900 in the head, 0 outside. `shift_voxel` moves the whole along rows. */
export function channelValues(phantom: Phantom, name: string, shift_voxel = 0): Int16Array {
  const { geometry, lesions } = phantom
  const [nx, ny, nz] = geometry.size
  const scale = [nx / 2, ny / 2, nz / 2]
  const out = new Int16Array(nx * ny * nz)
  return fill(out, geometry.size, (i0, j, k) => {
    const i = i0 - shift_voxel
    const u = (i - scale[0]) / scale[0]
    const v = (j - scale[1]) / scale[1]
    const w = (k - scale[2]) / scale[2]
    const r = (u / 0.78) ** 2 + (v / 0.88) ** 2 + (w / 1.5) ** 2
    if (r > 1) return name === 'ADC' ? 0 : Math.round(12 + 10 * grain(i, j, k, 1))
    const lesion = lesions.find((e) => inside(e, i, j, k))
    if (name === 'ADC') return lesion?.adc_um2_s ?? 900
    const [muscle, gland, tumour] = kSignal[name] ?? [200, 300, 500]
    const rim = r > 0.86 ? 260 : 0
    const glands = (Math.abs(u) - 0.52) ** 2 / 0.018 + (v - 0.1) ** 2 / 0.05 < 1 ? gland - muscle : 0
    const airway = (u / 0.1) ** 2 + ((v + 0.15) / 0.14) ** 2 < 1 ? -muscle * 0.85 : 0
    const bone = Math.abs(Math.hypot(u, v * 0.8 + 0.25) - 0.42) < 0.03 ? -muscle * 0.6 : 0
    const base = lesion ? tumour : muscle + rim + glands + airway + bone
    return Math.max(0, Math.round(base + base * 0.09 * grain(i, j, k, 2)))
  })
}

/** 0…255: high in lesions, a weak cloud around them. */
export function probabilityValues({ geometry, lesions }: Phantom): Uint8Array {
  const out = new Uint8Array(geometry.size[0] * geometry.size[1] * geometry.size[2])
  return fill(out, geometry.size, (i, j, k) => {
    let best = 0
    for (const e of lesions) {
      const r = Math.sqrt(((i - e.centre[0]) / e.radii[0]) ** 2 + ((j - e.centre[1]) / e.radii[1]) ** 2 + ((k - e.centre[2]) / e.radii[2]) ** 2)
      best = Math.max(best, r <= 1 ? 0.97 - 0.3 * r : Math.max(0, 0.4 - 0.8 * (r - 1)))
    }
    return Math.round(best * 255)
  })
}

/** NIfTI-1 as the node writes it: sform and qform codes set, RAS millimetres. */
export function nifti(geometry: Geometry, values: Int16Array | Uint8Array, slope: number): Buffer {
  const header = Buffer.alloc(352)
  header.writeInt32LE(348, 0)
  const dims = [3, ...geometry.size, 1, 1, 1, 1]
  dims.forEach((n, at) => header.writeInt16LE(n, 40 + 2 * at))
  const wide = values instanceof Int16Array
  header.writeInt16LE(wide ? 4 : 2, 70)
  header.writeInt16LE(wide ? 16 : 8, 72)
  const pixdim = [1, ...geometry.spacing_mm, 0, 0, 0, 0]
  pixdim.forEach((n, at) => header.writeFloatLE(n, 76 + 4 * at))
  header.writeFloatLE(352, 108)
  header.writeFloatLE(slope, 112)
  header.writeUInt8(2, 123)
  header.writeInt16LE(0, 252)
  header.writeInt16LE(1, 254)
  geometry.affine.flat().forEach((n, at) => header.writeFloatLE(n, 280 + 4 * at))
  header.write('n+1\0', 344, 'latin1')
  return Buffer.concat([header, Buffer.from(values.buffer, values.byteOffset, values.byteLength)])
}

const packed = new WeakMap<Phantom, Map<string, Buffer>>()

/** A volume's file, made once for each phantom. */
export function volume(phantom: Phantom, name: string): Buffer {
  const known = packed.get(phantom) ?? new Map<string, Buffer>()
  packed.set(phantom, known)
  const bytes = known.get(name) ?? makeVolume(phantom, name)
  known.set(name, bytes)
  return bytes
}

function makeVolume(phantom: Phantom, name: string): Buffer {
  const before = name.endsWith('-before')
  const channel = name.replace('-before', '')
  if (name === 'probability') return gzipSync(nifti(phantom.geometry, probabilityValues(phantom), 1 / 255), { level: 1 })
  return gzipSync(nifti(phantom.geometry, channelValues(phantom, channel, before ? 5 : 0), 1), { level: 1 })
}
