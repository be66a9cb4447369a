import assert from 'node:assert/strict'
import { test } from 'node:test'
import { foldsOf, isShown, runKey, runTitle, shownRuns, sortedRows } from '../../src/lab/filter.ts'
import { formatPlace, parsePlace } from '../../src/lab/place.ts'
import { axisFor, nearest, ticksOf } from '../../src/lab/scale.ts'
import type { Patient, Run, Saying } from '../../src/lab/types.ts'

const run = (set: string, more: Partial<Run> = {}): Run => ({ variant: 'plan', set, repeat: 0, seed: 1, channels: [], best: false, ...more })
const saying = (more: Partial<Saying>): Saying => ({ said: 'a', p: null, right: true, dice: 1, fold: 0, ...more })
const patient = (truth: string, runs: (Saying | null)[]): Patient => ({ id: 'P', cases: ['P'], truth, columns: {}, runs })

test('a place in the address comes back as it was', () => {
  for (const hash of ['#/overview', '#/compare?run=both&run=a%2Fb%2F0%2F1&class=x', '#/patient/P%2F1%20%C3%A4?run=one&slice=12&truth=alpha&fold=0&right=wrong', '#/overview?curve=soft_dice&table=2&sort=3&falling='])
    assert.equal(formatPlace(parsePlace(hash)), hash)
})

test('what is no place is the overview, and odd values are none', () => {
  for (const hash of ['', '#', '#/nowhere', '#/patient/', '#/patient/%ff', '#/__proto__']) assert.equal(parsePlace(hash).page, 'overview', hash)
  const odd = parsePlace('#/compare?fold=-7x&sort=1e9&right=maybe&slice=-3&table=-2')
  assert.deepEqual([odd.filter.fold, odd.sort, odd.filter.right, odd.slice, odd.table], [-1, -1, '', undefined, 0])
})

test('a run is called by its set alone where that is enough', () => {
  const alone = [run('one'), run('both')]
  assert.deepEqual([runKey(alone[0], alone), runTitle(alone[1], alone)], ['one', 'both'])
  const seeds = [run('one'), run('one', { seed: 2 }), run('both')]
  assert.deepEqual([runKey(seeds[1], seeds), runTitle(seeds[1], seeds), runKey(seeds[2], seeds)], ['plan/one/0/2', 'one, seed 2', 'both'])
})

test('without a choice the best run and the first others are shown', () => {
  const runs = ['a', 'b', 'c', 'd', 'e'].map((set) => run(set, { best: set === 'e' }))
  assert.deepEqual(shownRuns([], runs), [0, 1, 4])
  assert.deepEqual(shownRuns(['d', 'gone'], runs), [3])
  assert.deepEqual(shownRuns(['gone'], []), [])
})

test('a filter asks for truth, fold and right or wrong of one run', () => {
  const one = patient('alpha', [saying({ right: false, fold: 2 }), null])
  const all = { truth: '', fold: -1, right: '' } as const
  assert.ok(isShown(one, all, 0))
  assert.ok(isShown(one, { truth: 'alpha', fold: 2, right: 'wrong' }, 0))
  assert.ok(!isShown(one, { ...all, right: 'right' }, 0))
  assert.ok(!isShown(one, { ...all, truth: 'beta' }, 0))
  assert.ok(!isShown(one, { ...all, fold: 2 }, 1))
  assert.deepEqual(foldsOf([one, patient('beta', [saying({ fold: 0 })])]), [0, 2])
})

test('rows without a value come last, whichever way they are sorted', () => {
  assert.deepEqual(sortedRows([0.5, null, 0.9, 0.5], true), [2, 0, 3, 1])
  assert.deepEqual(sortedRows([0.5, null, 0.9, 0.5], false), [0, 3, 2, 1])
})

test('ticks are round, within the axis, and as many as were asked for at most', () => {
  assert.deepEqual(ticksOf(0, 1), [0, 0.2, 0.4, 0.6, 0.8, 1])
  for (const [low, high] of [[0, 137], [-0.3, 2.7], [0, 30000], [0, 1e-4]]) {
    const ticks = ticksOf(low, high)
    assert.ok(ticks.length >= 2 && ticks.length <= 7, String(ticks))
    assert.ok(ticks.every((tick) => tick >= low - 1e-12 && tick <= high * (1 + 1e-9)))
  }
  assert.deepEqual(ticksOf(1, 1), [1])
})

test('an axis holds its values and ends at a tick', () => {
  assert.deepEqual(axisFor([null, 2, 5], 'loss'), { low: 0, high: 5, title: 'loss' })
  assert.deepEqual(axisFor([0.3, 2.17], 'loss'), { low: 0, high: 2.5, title: 'loss' })
  assert.deepEqual(axisFor([], 'loss'), { low: 0, high: 1, title: 'loss' })
})

test('the nearest iteration is found, the first of two alike', () => {
  assert.equal(nearest([10, 20, 30], 24), 1)
  assert.equal(nearest([10, 20], 15), 0)
  assert.equal(nearest([], 3), -1)
})
