import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Channel, Diagnosis } from '../../src/api/types.ts'
import { adc, ageYears, dateTime, dicomDate, percent, personName, shownUnit, shownValue } from '../../src/base/format.ts'
import { headlineOf } from '../../src/study/headline.ts'
import { orderOf, setupsFor } from '../../src/viewer/display.ts'
import { unfitReason, type EditState } from '../../src/review/editor.ts'

const diagnosis = (change: Partial<Diagnosis>): Diagnosis => ({
  verdict: 'class',
  class: 'warthin',
  reason: '',
  classes: ['warthin', 'pleomorphic', 'malignant'],
  class_probabilities: { warthin: 0.55, pleomorphic: 0.08, malignant: 0.37 },
  tumour_probability: 0.9,
  lesions: [],
  flags: [],
  ...change,
})

test('a malignant share that is not small is said in words beside a likelier class', () => {
  const head = headlineOf(diagnosis({}))
  assert.equal(head.title, 'Warthin tumour')
  assert.match(head.caution, /Malignancy is not excluded: probability 37 %/)
  assert.equal(head.tone, 'caution')
  assert.match(headlineOf(diagnosis({ class_probabilities: { warthin: 0.94, malignant: 0.06 } })).caution, /6 %/)
})

test('a small one is not shouted, and no verdict reassures', () => {
  assert.equal(headlineOf(diagnosis({ class_probabilities: { warthin: 0.97, malignant: 0.03 } })).caution, '')
  assert.match(headlineOf(diagnosis({ verdict: 'no_tumour_found', class: null, class_probabilities: null })).caution, /does not exclude/)
  assert.equal(headlineOf(diagnosis({ verdict: 'indeterminate', class: null })).tone, 'caution')
  assert.match(headlineOf(diagnosis({ class_probabilities: null })).caution, /No probabilities/)
  assert.equal(headlineOf(diagnosis({ class: 'malignant' })).tone, 'caution')
})

test('a model is never sure', () => {
  assert.equal(percent(0.9999), '> 99 %')
  assert.equal(percent(0.001), '< 1 %')
  assert.equal(percent(0.5), '50 %')
  assert.equal(percent(null), '–')
})

test('names, dates, ages and ADC are written as radiologists read them', () => {
  assert.equal(personName('Müller^Jürgen^Peter'), 'Müller, Jürgen Peter')
  assert.equal(personName('Wang^XiaoDong=王^小東'), 'Wang, XiaoDong')
  assert.equal(personName(''), '–')
  assert.equal(dicomDate('19630401'), '1963-04-01')
  assert.equal(dicomDate('unknown'), 'unknown')
  assert.equal(ageYears('19630401', '20260312'), 62)
  assert.equal(ageYears('', '20260312'), null)
  assert.equal(adc(1035.4), '1.04')
  assert.equal(adc(null), '–')
  assert.match(dateTime(1_790_000_000), /^2026-09-2\d \d\d:\d\d$/)
})

test('diffusivities are shown in 10⁻³ mm²/s, all else in its own unit', () => {
  assert.equal(`${shownValue(1035, 'µm²/s')} ${shownUnit('µm²/s')}`, '1.03 ·10⁻³ mm²/s')
  assert.equal(`${shownValue(42.4, '%')} ${shownUnit('%')}`, '42.4 %')
  assert.equal(shownValue(NaN, 'µm²/s'), '–')
})

const channel = (name: string, in_model: boolean, quantity: boolean): Channel => ({ name, title: name, unit: '', window: [0, 1], in_model, quantity, volume: name })
const kChannels = [channel('T2', false, false), channel('T1C', false, false), channel('B0', true, false), channel('B1000', true, false), channel('ADC', true, true)]

test('panes begin with the structure and the quantity, and then what is left', () => {
  assert.deepEqual(orderOf(kChannels).map((c) => c.name), ['T2', 'ADC', 'T1C', 'B1000', 'B0'])
  assert.deepEqual(setupsFor(kChannels, []).map((p) => p.channel), ['T2', 'ADC', 'T1C', 'B1000', 'B0', 'T2'])
})

test('a reader\'s panes are kept where the study has their series', () => {
  const kept = ['B0', 'gone', 'T2'].map((name) => ({ channel: name, compare: null, window: null }))
  assert.deepEqual(setupsFor(kChannels, kept).slice(0, 3).map((p) => p.channel), ['B0', 'ADC', 'T2'])
})

test('an edit that contradicts itself cannot be saved', () => {
  const state: EditState = { lesions: [{ id: 1, class: null }], active: 1, verdict: 'class', class: 'warthin', reason: 'x', brush: { radius_mm: 3, deep: false }, counts: new Map([[1, 9]]), canUndo: false, canRedo: false, dirty: true, kept: true, saving: false, keepProblem: '' }
  assert.equal(unfitReason(state), '')
  assert.match(unfitReason({ ...state, reason: '  ' }), /reason/)
  assert.match(unfitReason({ ...state, class: null }), /class/)
  assert.match(unfitReason({ ...state, verdict: 'no_tumour_found' }), /lesions are drawn/)
  assert.match(unfitReason({ ...state, counts: new Map() }), /needs a lesion/)
  assert.match(unfitReason({ ...state, verdict: '' }), /answer/)
})
