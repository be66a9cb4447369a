import assert from 'node:assert/strict'
import { test } from 'node:test'
import { kAxial, kCoronal, lesionMask } from '../../mock/volumes.ts'
import { planeOf, type Affine } from '../../src/viewer/grid.ts'
import { outlinesOf, sliceLabels } from '../../src/viewer/outlines.ts'
import { lesionPlace, voxelCounts } from '../../src/viewer/lesion_places.ts'
import { polygonArea_px } from '../../src/viewer/measure.ts'

const labels = (rows: string[]): [Uint8Array, number, number] => [Uint8Array.from(rows.join('').split('').map(Number)), rows[0].length, rows.length]

test('a lesion has one closed line around it, whose area is about its own', () => {
  const [outline] = outlinesOf(...labels(['00000000', '00111100', '01111110', '01111110', '00111100', '00000000']))
  assert.equal(outline.loops.length, 1)
  const area = polygonArea_px(outline.loops[0])
  assert.ok(area > 16 && area < 20, String(area))
})

test('a hole has a line of its own, and so has every piece', () => {
  const [outline] = outlinesOf(...labels(['1110000', '1010011', '1110011']))
  assert.equal(outline.loops.length, 3)
})

test('pieces that touch at a corner alone stay two', () => {
  const [outline] = outlinesOf(...labels(['1100', '1100', '0011', '0011']))
  assert.equal(outline.loops.length, 2)
})

test('every lesion keeps its number, up to the edge of the image', () => {
  const outlines = outlinesOf(...labels(['110022', '110022', '000000']))
  assert.deepEqual(outlines.map((o) => o.id), [1, 2])
  for (const { loops } of outlines) for (const [c, r] of loops.flat()) assert.ok(c >= 0 && r >= 0 && c <= 6 && r <= 3)
})

test('a slice of the mask lies as the screen shows it', () => {
  for (const [geometry, centre] of [[kAxial, [97, 68, 11]], [kCoronal, [22, 12, 50]]] as const) {
    const plane = planeOf(geometry.size, geometry.spacing_mm, geometry.affine as Affine, geometry.slice_axis)
    const mask = lesionMask({ geometry, lesions: [{ id: 3, centre: [...centre], radii: [5, 3, 4], adc_um2_s: 0 }] })
    const slice = centre[geometry.slice_axis]
    const place = lesionPlace(mask, plane, 3)
    assert.equal(place?.slice, slice)
    const shown = sliceLabels(mask, plane, slice)
    assert.equal(shown[Math.floor(place.row) * plane.columns + Math.floor(place.column)], 3)
    // The axial grid runs as the screen does, the coronal one to the other side.
    const column = geometry === kAxial ? centre[0] + 0.5 : geometry.size[0] - 1 - centre[0] + 0.5
    assert.ok(Math.abs(place.column - column) < 1e-6)
    assert.equal(voxelCounts(mask).get(3), mask.filter((id) => id === 3).length)
  }
  assert.equal(lesionPlace(new Uint8Array(kAxial.size[0] * kAxial.size[1] * kAxial.size[2]), planeOf(kAxial.size, kAxial.spacing_mm, kAxial.affine as Affine, 2), 1), null)
})
