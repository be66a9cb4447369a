import assert from 'node:assert/strict'
import { test } from 'node:test'
import { kCoronal } from '../../mock/volumes.ts'
import { planeOf, type Affine } from '../../src/viewer/grid.ts'
import { area_mm2, distance_mm, pixelsIn, polygonArea_px, statisticsOf } from '../../src/viewer/measure.ts'

const kPlane = planeOf(kCoronal.size, kCoronal.spacing_mm, kCoronal.affine as Affine, kCoronal.slice_axis)
const near = (a: number, b: number, by = 1e-9): void => assert.ok(Math.abs(a - b) <= by, `${a} is not ${b}`)

test('distances take the spacing of each axis', () => {
  near(distance_mm([[10, 10], [13, 14]], [1, 1]), 5)
  near(distance_mm([[0, 0], [10, 0]], [1.2, 1]), 12)
  near(distance_mm([[0, 0], [5, 8]], [1.2, 1]), 10)
})

test('an ellipse has the area π a b, whichever corners were drawn', () => {
  for (const points of [[[10, 20], [30, 30]], [[30, 30], [10, 20]], [[30, 20], [10, 30]]] as [number, number][][]) near(area_mm2({ kind: 'ellipse', points }, [1.2, 1]), Math.PI * 12 * 5)
})

test('a freehand region has the area of its polygon', () => {
  near(polygonArea_px([[0, 0], [4, 0], [4, 3], [0, 3]]), 12)
  near(polygonArea_px([[0, 0], [4, 0], [0, 3]]), 6)
  near(area_mm2({ kind: 'freehand', points: [[0, 0], [4, 0], [4, 3], [0, 3]] }, [1.2, 1]), 14.4)
})

test('pixels count by their centres', () => {
  const square: [number, number][] = [[10, 10], [14, 10], [14, 12], [10, 12]]
  assert.equal(pixelsIn({ kind: 'freehand', points: square }, kPlane).length, 8)
  assert.deepEqual(pixelsIn({ kind: 'ellipse', points: [[10, 10], [11, 11]] }, kPlane), [[10, 10]])
  assert.deepEqual(pixelsIn({ kind: 'distance', points: square }, kPlane), [])
  const large = pixelsIn({ kind: 'ellipse', points: [[20, 20], [60, 50]] }, kPlane).length
  near(large, Math.PI * 20 * 15, 12)
})

test('nothing outside the image counts', () => {
  const all = pixelsIn({ kind: 'freehand', points: [[-50, -50], [500, -50], [500, 500], [-50, 500]] }, kPlane)
  assert.equal(all.length, kPlane.columns * kPlane.rows)
})

test('mean, sample standard deviation, least and greatest', () => {
  const found = statisticsOf([2, 4, 4, 4, 5, 5, 7, 9])
  assert.ok(found)
  near(found.mean, 5)
  near(found.sd, Math.sqrt(32 / 7))
  assert.deepEqual([found.min, found.max, found.n], [2, 9, 8])
  assert.ok(Number.isNaN(statisticsOf([3])?.sd))
  assert.equal(statisticsOf([]), null)
})
