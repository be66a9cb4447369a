import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatPlace, parsePlace, type Place } from '../../src/base/route.ts'
import { formatQuery, isFiltered, kNoFilter, parseQuery, requestOf, type Query } from '../../src/worklist/query.ts'
import { keepUnchanged } from '../../src/worklist/poll.ts'
import { makeStudies } from '../../mock/studies.ts'
import { worklist } from '../../mock/worklist.ts'
import type { Worklist } from '../../src/api/types.ts'

test('every place is written into an address and read from it again', () => {
  const places: Place[] = [
    { page: 'worklist', search: '' },
    { page: 'worklist', search: 'search=rossi&state=done' },
    { page: 'study', id: '3f9a', version: undefined, slice: undefined, tab: undefined },
    { page: 'study', id: '3f9a', version: '7', slice: 12, tab: 'why' },
    { page: 'users' },
    { page: 'audit', search: 'user=meyer' },
    { page: 'account' },
  ]
  for (const place of places) assert.deepEqual(parsePlace(formatPlace(place)), place)
})

test('what is no place is the worklist', () => {
  for (const hash of ['', '#', '#/', '#/nothing', '#/study/', '#/study/../../etc', '#/study/XYZ', '#/study/<b>']) assert.deepEqual(parsePlace(hash), { page: 'worklist', search: '' })
})

test('slices that are no slices, and tabs that are none, are left out', () => {
  for (const slice of ['0', '-1', '1.5', 'x', '']) assert.deepEqual(parsePlace(`#/study/ab?slice=${slice}&tab=nothing`), { page: 'study', id: 'ab', version: undefined, slice: undefined, tab: undefined })
})

const kFull: Query = {
  search: 'rossi anna & co',
  states: ['ready', 'done'],
  classes: ['malignant', 'indeterminate'],
  reviews: ['open'],
  probabilityMin: 35,
  probabilityMax: 90,
  sort: 'name',
  descending: true,
  limit: 100,
  offset: 200,
}

test('filters survive their way through the address', () => {
  assert.deepEqual(parseQuery(formatQuery(kFull)), kFull)
  assert.deepEqual(parseQuery(''), kNoFilter)
  assert.equal(formatQuery(kNoFilter), '')
})

test('a probability of 0 is a filter, nonsense is none', () => {
  assert.equal(parseQuery('probability_min=0').probabilityMin, 0)
  assert.equal(parseQuery('probability_min=7').probabilityMin, null)
  assert.equal(parseQuery('limit=17&offset=-3&sort=eval&state=gone').limit, 50)
  assert.deepEqual(parseQuery('offset=-3&state=gone').states, [])
})

test('order and page alone are no filter', () => {
  assert.equal(isFiltered({ ...kNoFilter, sort: 'name', descending: false, limit: 500, offset: 50 }), false)
  assert.equal(isFiltered({ ...kNoFilter, probabilityMin: 0 }), true)
})

test('the request always says order and page', () => {
  assert.equal(requestOf(kNoFilter), 'sort=arrived&descending=1&limit=50&offset=0')
})

test('rows that say the same stay the same objects', () => {
  const list = (): Worklist => JSON.parse(JSON.stringify(worklist(makeStudies(5), new URLSearchParams()))) as Worklist
  const before = list()
  const fresh = list()
  fresh.studies[2].state = 'failed'
  const merged = keepUnchanged(before, fresh)
  assert.deepEqual(merged.studies.map((row, n) => row === before.studies[n]), [true, true, false, true, true])
  assert.equal(merged.studies[2].state, 'failed')
})
