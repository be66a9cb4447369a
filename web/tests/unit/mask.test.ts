import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { kAxial } from '../../mock/volumes.ts'
import { fromRuns, packMask, toRuns } from '../../src/review/encode.ts'
import { dab, holesOf, paint, pieceAt, redoChange, sweep, undoChange } from '../../src/review/mask.ts'
import { Steps } from '../../src/review/steps.ts'
import { indexOf, planeOf, type Affine } from '../../src/viewer/grid.ts'

const kPlane = planeOf(kAxial.size, kAxial.spacing_mm, kAxial.affine as Affine, 2)
const blank = (): Uint8Array => new Uint8Array(kAxial.size[0] * kAxial.size[1] * kAxial.size[2])
const flat = (radius_mm: number): { radius_mm: number; deep: boolean } => ({ radius_mm, deep: false })

test('a brush of 5 mm covers the area of its disc on one slice', () => {
  const touched = dab(kPlane, [60, 60], 7, flat(5))
  assert.ok(Math.abs(touched.size - Math.PI * 25) < 4, String(touched.size))
  const layer = 128 * 128
  for (const at of touched) assert.equal(Math.floor(at / layer), 7)
})

test('the smallest brush draws the pixel under it', () => {
  assert.deepEqual([...dab(kPlane, [60.9, 60.1], 7, flat(0.1))], [indexOf(kPlane, 60, 60, 7)])
})

test('a deep brush is a ball in millimetres', () => {
  const touched = dab(kPlane, [60, 60], 7, { radius_mm: 8, deep: true })
  const layers = new Map<number, number>()
  for (const at of touched) layers.set(Math.floor(at / (128 * 128)), (layers.get(Math.floor(at / (128 * 128))) ?? 0) + 1)
  assert.deepEqual([...layers.keys()].sort((a, b) => a - b), [6, 7, 8].concat(layers.has(5) ? [5, 9] : []).sort((a, b) => a - b))
  // Four millimetres off the middle the disc's radius is √(64 − 16).
  assert.ok(Math.abs((layers.get(6) ?? 0) - Math.PI * 48) < 6)
})

test('a brush at the image\'s edge draws within it, also beyond the last slice', () => {
  for (const at of dab(kPlane, [0, 127.9], 19, { radius_mm: 20, deep: true })) assert.ok(at >= 0 && at < blank().length)
  assert.equal(dab(kPlane, [-30, 60], 7, flat(5)).size, 0)
})

test('a fast stroke has no gaps', () => {
  const mask = blank()
  paint(mask, sweep(kPlane, [20, 20], [100, 90], 4, flat(2)), 1)
  assert.equal(pieceAt(mask, kPlane, indexOf(kPlane, 60, 55, 4)).size, mask.filter(Boolean).length)
})

test('the brush leaves out what it may not change', () => {
  const mask = blank()
  paint(mask, dab(kPlane, [60, 60], 7, flat(4)), 1)
  const first = mask.slice()
  paint(mask, dab(kPlane, [64, 60], 7, flat(4)), 2, (before) => before === 0)
  first.forEach((id, at) => id && assert.equal(mask[at], 1))
  assert.ok(mask.includes(2))
})

test('undo and redo bring back every voxel, whatever was there', () => {
  const mask = blank()
  const steps = new Steps()
  const states = [mask.slice()]
  for (const [at, id] of [[[50, 50], 1], [[53, 50], 2], [[52, 52], 0], [[48, 49], 3]] as [[number, number], number][]) {
    const change = paint(mask, dab(kPlane, at, 5, { radius_mm: 6, deep: true }), id)
    assert.ok(change)
    steps.push({ changes: [change], before: [], after: [{ id, class: null }] })
    states.push(mask.slice())
  }
  for (let n = 3; n >= 0; n--) {
    assert.ok(steps.undo(mask))
    assert.deepEqual(mask, states[n])
  }
  assert.equal(steps.undo(mask), null)
  for (let n = 1; n <= 4; n++) {
    assert.ok(steps.redo(mask))
    assert.deepEqual(mask, states[n])
  }
  assert.equal(steps.canRedo, false)
})

test('a change holds runs, not voxels', () => {
  const mask = blank()
  const change = paint(mask, dab(kPlane, [60, 60], 7, flat(10)), 1)
  assert.ok(change && change.starts.length <= 21)
  undoChange(mask, change)
  assert.ok(!mask.includes(1))
  redoChange(mask, change)
  assert.equal(paint(mask, dab(kPlane, [60, 60], 7, flat(10)), 1), null, 'nothing is left to change')
})

test('a piece is what hangs together by faces, through slices', () => {
  const mask = blank()
  const set = (c: number, r: number, s: number): void => void (mask[indexOf(kPlane, c, r, s)] = 1)
  for (const [c, r, s] of [[10, 10, 3], [11, 10, 3], [11, 10, 4], [12, 11, 4], [127, 20, 5], [0, 21, 5]]) set(c, r, s)
  assert.equal(pieceAt(mask, kPlane, indexOf(kPlane, 10, 10, 3)).size, 3)
  assert.equal(pieceAt(mask, kPlane, indexOf(kPlane, 127, 20, 5)).size, 1, 'the image does not go round')
  assert.equal(pieceAt(mask, kPlane, 0).size, 0)
})

test('what a drawn ring encloses is filled, and nothing else', () => {
  const mask = blank()
  const ring: [number, number][] = [[20, 20], [40, 20], [40, 40], [20, 40], [20, 20]]
  for (let n = 1; n < ring.length; n++) paint(mask, sweep(kPlane, ring[n - 1], ring[n], 6, flat(1)), 1)
  const holes = holesOf(mask, kPlane, 6, 1)
  assert.ok(Math.abs(holes.size - 18 * 18) < 20, String(holes.size))
  assert.equal(holesOf(blank(), kPlane, 6, 1).size, 0)
})

test('a mask survives its runs', () => {
  const mask = blank()
  paint(mask, dab(kPlane, [60, 60], 7, { radius_mm: 12, deep: true }), 255)
  mask[0] = 4
  mask[mask.length - 1] = 9
  assert.deepEqual(fromRuns(toRuns(mask), mask.length), mask)
  assert.equal(fromRuns(toRuns(mask), mask.length + 1), null, 'a draft of another grid is refused')
  assert.equal(fromRuns(Uint32Array.from([1, 5, 2, 100]), 50), null)
})

test('a mask is sent as base64 of gzip, x fastest', async () => {
  const mask = blank()
  mask[3] = 7
  const sent = new Uint8Array(gunzipSync(Buffer.from(await packMask(mask), 'base64')))
  assert.deepEqual(sent, mask)
})
