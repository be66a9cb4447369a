import assert from 'node:assert/strict'
import { test } from 'node:test'
import { kAxial, kCoronal, nifti, type Geometry } from '../../mock/volumes.ts'
import { toImage, toScreen, type Frame } from '../../src/viewer/frame.ts'
import { indexOf, placeOfVoxel, planeOf, slicePosition, strides, voxelOf, voxelOfWorld, worldOf, type Affine, type Plane, type Triple } from '../../src/viewer/grid.ts'
import { gunzipped, parseNifti, valueAt } from '../../src/viewer/nifti.ts'
import { gzipSync } from 'node:zlib'

export const plane = (g: Geometry): Plane => planeOf(g.size, g.spacing_mm, g.affine as Affine, g.slice_axis)

// The same axial slices stored in all the ways a scanner may: mirrored and with rows and columns exchanged.
const kWays: [string, Affine, Triple][] = [
  ['LPS', [[-1, 0, 0, 5], [0, -1, 0, 5], [0, 0, 4, 0]], [10, 8, 3]],
  ['RAS', [[1, 0, 0, -5], [0, 1, 0, -5], [0, 0, 4, 0]], [10, 8, 3]],
  ['PLI', [[0, -1, 0, 5], [-1, 0, 0, 5], [0, 0, -4, 0]], [8, 10, 3]],
  ['oblique', [[-0.9, 0.1, 0.2, 5], [-0.1, -0.95, 0.3, 5], [-0.15, -0.2, 3.9, 0]], [10, 8, 3]],
]

for (const [name, affine, size] of kWays)
  test(`the patient's right is on the left, his front on top: ${name}`, () => {
    const p = planeOf(size, [1, 1, 4], affine, 2)
    assert.equal(p.orientation, 'axial')
    assert.deepEqual(p.letters, { left: 'R', right: 'L', top: 'A', bottom: 'P' })
    assert.deepEqual([p.columns, p.rows, p.slices], [10, 8, 3])
    const [leftmost] = worldOf(p, { column: 0.5, row: 4, slice: 1 })
    const [rightmost] = worldOf(p, { column: 9.5, row: 4, slice: 1 })
    assert.ok(leftmost > rightmost, 'R grows to the left')
    assert.ok(worldOf(p, { column: 5, row: 0.5, slice: 1 })[1] > worldOf(p, { column: 5, row: 7.5, slice: 1 })[1], 'A grows upwards')
  })

test('coronal slices stand upright', () => {
  const p = plane(kCoronal)
  assert.equal(p.orientation, 'coronal')
  assert.deepEqual(p.letters, { left: 'R', right: 'L', top: 'S', bottom: 'I' })
  assert.deepEqual([p.columns, p.rows, p.slices], [96, 110, 24])
})

test('sagittal slices look to the left', () => {
  const p = planeOf([5, 40, 30], [4, 1, 1], [[4, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]], 0)
  assert.equal(p.orientation, 'sagittal')
  assert.deepEqual(p.letters, { left: 'A', right: 'P', top: 'S', bottom: 'I' })
})

test('pixels, voxels, indices and millimetres lead to each other', () => {
  for (const g of [kAxial, kCoronal]) {
    const p = plane(g)
    const step = strides(p)
    for (const [c, r, s] of [[0, 0, 0], [3, 7, 2], [p.columns - 1, p.rows - 1, p.slices - 1]] as const) {
      const voxel = voxelOf(p, c, r, s)
      assert.deepEqual(placeOfVoxel(p, voxel), { column: c + 0.5, row: r + 0.5, slice: s })
      assert.equal(indexOf(p, c, r, s), step.start + c * step.column + r * step.row + s * step.slice)
      const back = voxelOfWorld(p.affine, worldOf(p, { column: c + 0.5, row: r + 0.5, slice: s }))
      back.forEach((value, axis) => assert.ok(Math.abs(value - voxel[axis]) < 1e-6))
    }
  }
})

test('a slice says where it lies along its normal', () => {
  assert.equal(slicePosition(plane(kAxial), 11), 'S 4.0 mm')
  assert.equal(slicePosition(plane(kAxial), 0), 'I 40.0 mm')
  assert.equal(slicePosition(plane(kCoronal), 0), 'P 48.0 mm')
})

test('screen and image coordinates undo each other at any zoom', () => {
  const frame: Frame = { plane: plane(kCoronal), width: 500, height: 300, centre: [20, 70], zoom: 2.7 }
  const [x, y] = toScreen(frame, [33.3, 41.1])
  const [c, r] = toImage(frame, [x, y])
  assert.ok(Math.abs(c - 33.3) < 1e-9 && Math.abs(r - 41.1) < 1e-9)
})

const buffer = (bytes: Buffer): ArrayBuffer => bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer

test('a NIfTI volume is read with its slope, packed or not', async () => {
  const values = new Int16Array(kAxial.size[0] * kAxial.size[1] * kAxial.size[2])
  values[5] = -300
  const file = nifti(kAxial, values, 0.5)
  for (const bytes of [file, gzipSync(file)]) {
    const volume = parseNifti(await gunzipped(buffer(bytes)), 'T2')
    assert.deepEqual([volume.size, volume.spacing_mm, volume.affine], [kAxial.size, kAxial.spacing_mm, kAxial.affine])
    assert.equal(valueAt(volume, 5), -150)
  }
})

test('a volume that is none, or was cut off, is refused with a sentence', () => {
  const file = nifti(kAxial, new Uint8Array(kAxial.size[0] * kAxial.size[1] * kAxial.size[2]), 1)
  assert.throws(() => parseNifti(buffer(file.subarray(0, 5000)), 'T2'), /T2 was cut off/)
  assert.throws(() => parseNifti(new ArrayBuffer(1000), 'T2'), /not a NIfTI-1 file/)
})
