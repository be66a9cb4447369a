import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fitting, foldsOf, isShown, runKey, runTitle, shownRuns, sortedRows } from '../../src/lab/filter.ts'
import { keepPass, pass, tokenOf } from '../../src/lab/pass.ts'
import { formatPlace, parsePlace, placeAfter, titleOf } from '../../src/lab/place.ts'
import { axisFor, nearest, ticksOf } from '../../src/lab/scale.ts'
import { blockedBy, mayChange } from '../../src/lab/tasks.ts'
import type { CaseImages, Overview, Patient, Results, Run, Saying, Task } from '../../src/lab/types.ts'

const run = (set: string, more: Partial<Run> = {}): Run => ({ variant: 'plan', set, repeat: 0, seed: 1, channels: [], best: false, ...more })
const saying = (more: Partial<Saying>): Saying => ({ said: 'a', p: null, right: true, dice: 1, fold: 0, ...more })
const patient = (truth: string, runs: (Saying | null)[]): Patient => ({ id: 'P', cases: ['P'], truth, columns: {}, runs })

test('a place in the address comes back as it was', () => {
  for (const hash of ['#/overview', '#/compare?run=both&run=a%2Fb%2F0%2F1&class=x', '#/patient/P%2F1%20%C3%A4?run=one&slice=12&truth=alpha&fold=0&right=wrong', '#/patient/P?case=P-b&slice=3', '#/overview?curve=soft_dice&table=2&sort=3&falling='])
    assert.equal(formatPlace(parsePlace(hash)), hash)
})

test('what is no place is the overview, and odd values are none', () => {
  for (const hash of ['', '#', '#/nowhere', '#/patient/', '#/patient/%ff', '#/__proto__']) assert.equal(parsePlace(hash).page, 'overview', hash)
  const odd = parsePlace('#/compare?fold=-7x&sort=1e9&right=maybe&slice=-3&table=-2')
  assert.deepEqual([odd.filter.fold, odd.sort, odd.filter.right, odd.slice, odd.table], [-1, -1, '', undefined, 0])
})

test('a slice stays with its examination, and an examination with its patient', () => {
  const here = parsePlace('#/patient/P?case=P-b&slice=12&class=x')
  const after = (change: Parameters<typeof placeAfter>[1]): string => formatPlace(placeAfter(here, change))
  assert.equal(after({ class: 'y' }), '#/patient/P?class=y&case=P-b&slice=12')
  assert.equal(after({ examination: 'P-c' }), '#/patient/P?class=x&case=P-c')
  assert.equal(after({ patient: 'Q' }), '#/patient/Q?class=x')
  assert.equal(after({ patient: 'Q', examination: 'Q-b', slice: 3 }), '#/patient/Q?class=x&case=Q-b&slice=3')
  const compared = placeAfter(here, { page: 'compare' })
  assert.equal(formatPlace(placeAfter(compared, { page: 'patient', patient: 'P' })), '#/patient/P?class=x')
})

test("the browser's title says where one is, and in which study", () => {
  assert.equal(titleOf(parsePlace('#/patient/P%201'), 'fake'), 'P 1 · fake · parotis')
  assert.equal(titleOf(parsePlace(''), ''), 'Overview · parotis')
})

test('a run is called by its set alone where that is enough', () => {
  const alone = [run('one'), run('both')]
  assert.equal(runTitle(alone[1], alone), 'both')
  const seeds = [run('one'), run('one', { seed: 2 }), run('both')]
  assert.equal(runTitle(seeds[1], seeds), 'one, seed 2')
})

test('an address means the same run when others of its set have been completed', () => {
  const [one, both] = [run('one'), run('both')]
  const later = [run('one', { seed: 2 }), one, run('both', { variant: 'scratch' }), both]
  assert.equal(runKey(both), 'plan/both/0/1')
  assert.deepEqual([shownRuns([runKey(both)], [one, both]), shownRuns([runKey(both)], later)], [[1], [3]])
  assert.deepEqual(shownRuns(['both'], later), [2])
  assert.deepEqual(shownRuns(['both', runKey(one), 'plan/one/0/2'], later), [0, 1, 2])
})

test('predictions are shown only beside the figures whose runs they name', () => {
  const images = { revision: 2, predictions: [{ run: 0 }] } as CaseImages
  assert.equal(fitting(images, { revision: 2 } as Results), images)
  for (const revision of [1, 3]) assert.deepEqual(fitting(images, { revision } as Results).predictions, [])
})

test('asking again soon ends when all that is left has failed or waits for what has', () => {
  const task = (state: Task['state'], reason = '', folder = 'f'): Task => ({ ...run('one'), index: 0, kind: 'run', folds: [], folder, state, reason, seconds: 0 })
  const now = (...tasks: Task[]): Overview => ({ tasks, figures: { revision: 1, computing: false, problem: '' } }) as unknown as Overview
  assert.ok(mayChange(null))
  assert.ok(mayChange(now(task('done'), task('waiting'))))
  assert.ok(!mayChange(now(task('done'), task('failed'), task('blocked'))))
  assert.deepEqual(blockedBy([task('blocked', 'a failed', 'x'), task('failed', 'b'), task('blocked', 'c failed', 'y'), task('blocked', 'a failed', 'z')]), [
    ['a failed', ['x', 'z']],
    ['c failed', ['y']],
  ])
})

test('the token is taken from printed addresses alone, and the pass is kept where the browser keeps nothing', () => {
  assert.deepEqual(['#token=0af', '#token=', '#token=0AF', '#/overview?token=0af', ''].map(tokenOf), ['0af', '', '', '', ''])
  const storage = Object.getOwnPropertyDescriptor(globalThis, 'localStorage')
  const refuse = (): never => {
    throw new Error('not here')
  }
  Object.defineProperty(globalThis, 'localStorage', { configurable: true, value: { getItem: refuse, setItem: refuse } })
  assert.equal(pass(), '')
  keepPass('abc')
  assert.equal(pass(), 'abc')
  if (storage) Object.defineProperty(globalThis, 'localStorage', storage)
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

test('a filter for what a study of parts of the body does not have hides nobody', () => {
  const one = patient('', [saying({ right: null, fold: 1 })])
  assert.ok(isShown(one, { truth: 'alpha', fold: 1, right: 'wrong' }, 0))
  assert.ok(!isShown(one, { truth: '', fold: 0, right: '' }, 0))
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
