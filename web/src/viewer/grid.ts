// Which way voxels lie on the screen. Everything that is drawn or measured uses image coordinates: columns to the right and rows
// down on the screen, in pixels, a pixel's centre at .5; slices count along the slice axis from 0. Pure.

export type Triple = [number, number, number]
type Row = [number, number, number, number]
/** Voxel index → RAS mm, as NIfTI's sform has it. */
export type Affine = [Row, Row, Row]
export type Point = [column: number, row: number]

export interface ScreenAxis {
  axis: 0 | 1 | 2
  /** 1: voxel indices grow along the screen's direction. */
  sign: 1 | -1
}

export interface Plane {
  size: Triple
  affine: Affine
  right: ScreenAxis
  down: ScreenAxis
  slice: { axis: 0 | 1 | 2; /** Of R, A, S. */ world: 0 | 1 | 2; /** Of that direction, as indices grow. */ sign: 1 | -1 }
  columns: number
  rows: number
  slices: number
  pixel_mm: [width: number, height: number]
  slice_mm: number
  letters: { left: string; right: string; top: string; bottom: string }
  orientation: 'axial' | 'coronal' | 'sagittal'
}

const kOrders: Triple[] = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
]

/** For each voxel axis the world axis (R, A, S) it runs along most. */
function worldAxes(affine: Affine, spacing_mm: Triple): Triple {
  const along = (order: Triple): number => order.reduce((sum, world, axis) => sum + Math.abs(affine[world][axis]) / spacing_mm[axis], 0)
  return kOrders.reduce((best, order) => (along(order) > along(best) + 1e-6 ? order : best))
}

const kTowards: [plus: string, minus: string][] = [
  ['R', 'L'],
  ['A', 'P'],
  ['S', 'I'],
]
const kOrientations = ['sagittal', 'coronal', 'axial'] as const
// World axes to the right and down on the screen; both run towards minus: the patient is seen from his feet, his front, his left.
const kScreen: Record<Plane['orientation'], [right: 0 | 1 | 2, down: 0 | 1 | 2]> = { axial: [0, 1], coronal: [0, 2], sagittal: [1, 2] }

export function planeOf(size: Triple, spacing_mm: Triple, affine: Affine, sliceAxis: 0 | 1 | 2): Plane {
  const worlds = worldAxes(affine, spacing_mm)
  const orientation = kOrientations[worlds[sliceAxis]]
  const towardsMinus = (world: number): ScreenAxis => {
    const axis = worlds.indexOf(world) as 0 | 1 | 2
    return { axis, sign: affine[world][axis] < 0 ? 1 : -1 }
  }
  const [rightWorld, downWorld] = kScreen[orientation]
  const right = towardsMinus(rightWorld)
  const down = towardsMinus(downWorld)
  const world = worlds[sliceAxis] as 0 | 1 | 2
  return {
    size,
    affine,
    right,
    down,
    slice: { axis: sliceAxis, world, sign: affine[world][sliceAxis] < 0 ? -1 : 1 },
    columns: size[right.axis],
    rows: size[down.axis],
    slices: size[sliceAxis],
    pixel_mm: [spacing_mm[right.axis], spacing_mm[down.axis]],
    slice_mm: spacing_mm[sliceAxis],
    letters: { left: kTowards[rightWorld][0], right: kTowards[rightWorld][1], top: kTowards[downWorld][0], bottom: kTowards[downWorld][1] },
    orientation,
  }
}

const along = (axis: ScreenAxis, count: number, at: number): number => (axis.sign > 0 ? at : count - 1 - at)

/** Voxel indices of a whole pixel. */
export function voxelOf(plane: Plane, column: number, row: number, slice: number): Triple {
  const voxel: Triple = [0, 0, 0]
  voxel[plane.right.axis] = along(plane.right, plane.columns, column)
  voxel[plane.down.axis] = along(plane.down, plane.rows, row)
  voxel[plane.slice.axis] = slice
  return voxel
}

/** Where a pixel's value lies in a volume, x fastest. */
export function indexOf(plane: Plane, column: number, row: number, slice: number): number {
  const [i, j, k] = voxelOf(plane, column, row, slice)
  return i + plane.size[0] * (j + plane.size[1] * k)
}

/** Steps through a volume's values for one pixel to the right, down, and a slice on, and where pixel 0, 0 of slice 0 lies. */
export function strides(plane: Plane): { start: number; column: number; row: number; slice: number } {
  const step: Triple = [1, plane.size[0], plane.size[0] * plane.size[1]]
  return {
    start: indexOf(plane, 0, 0, 0),
    column: step[plane.right.axis] * plane.right.sign,
    row: step[plane.down.axis] * plane.down.sign,
    slice: step[plane.slice.axis],
  }
}

export function isInside(plane: Plane, column: number, row: number): boolean {
  return column >= 0 && row >= 0 && column < plane.columns && row < plane.rows
}

export interface Place {
  column: number
  row: number
  slice: number
}

/** Image coordinates of a voxel position (centres at whole numbers). */
export function placeOfVoxel(plane: Plane, voxel: Triple): Place {
  return {
    column: along(plane.right, plane.columns, voxel[plane.right.axis]) + 0.5,
    row: along(plane.down, plane.rows, voxel[plane.down.axis]) + 0.5,
    slice: Math.round(voxel[plane.slice.axis]),
  }
}

/** RAS mm of a place. */
export function worldOf(plane: Plane, place: Place): Triple {
  const voxel: Triple = [0, 0, 0]
  voxel[plane.right.axis] = along(plane.right, plane.columns, place.column - 0.5)
  voxel[plane.down.axis] = along(plane.down, plane.rows, place.row - 0.5)
  voxel[plane.slice.axis] = place.slice
  return plane.affine.map((r) => r[0] * voxel[0] + r[1] * voxel[1] + r[2] * voxel[2] + r[3]) as Triple
}

/** Voxel position of RAS mm, by Cramer's rule. */
export function voxelOfWorld(affine: Affine, ras_mm: Triple): Triple {
  const [a, b, c] = affine
  const d = ras_mm.map((value, n) => value - affine[n][3])
  const det = (m: number[][]): number =>
    m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0]) + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
  const whole = [a.slice(0, 3), b.slice(0, 3), c.slice(0, 3)]
  const with_ = (column: number): number[][] => whole.map((row, n) => row.map((value, at) => (at === column ? d[n] : value)))
  return [0, 1, 2].map((column) => det(with_(column)) / det(whole)) as Triple
}

/** "L 51.3 mm": the slice's place along its own normal, at the middle of the image. */
export function slicePosition(plane: Plane, slice: number): string {
  const at = worldOf(plane, { column: plane.columns / 2, row: plane.rows / 2, slice })[plane.slice.world]
  return `${kTowards[plane.slice.world][at < 0 ? 1 : 0]} ${Math.abs(at).toFixed(1)} mm`
}
