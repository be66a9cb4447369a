// The worklist's filters as an address and as a request. Pure.

import type { StudyState } from '../api/types.ts'

export type SortKey = 'arrived' | 'name' | 'date' | 'probability' | 'state'

export interface Query {
  search: string
  states: StudyState[]
  classes: string[]
  reviews: string[]
  /** Percent, of the likeliest class. */
  probabilityMin: number | null
  probabilityMax: number | null
  sort: SortKey
  descending: boolean
  limit: number
  offset: number
}

export const kStates: StudyState[] = ['received', 'ready', 'running', 'sending', 'done', 'refused', 'failed']
export const kReviews = ['open', 'accepted', 'edited', 'rejected']
export const kLimits = [50, 100, 500]
const kSorts: SortKey[] = ['arrived', 'name', 'date', 'probability', 'state']

/** What a column is sorted by at its first click: names upwards, all else with the latest or greatest first. */
export const descendsFirst = (sort: SortKey): boolean => sort !== 'name' && sort !== 'state'

export const kNoFilter: Query = {
  search: '',
  states: [],
  classes: [],
  reviews: [],
  probabilityMin: null,
  probabilityMax: null,
  sort: 'arrived',
  descending: true,
  limit: 50,
  offset: 0,
}

const list = (text: string | null): string[] => (text ?? '').split(',').filter(Boolean)

function fraction(text: string | null): number | null {
  const p = Number(text)
  return text && p >= 0 && p <= 1 ? Math.round(p * 100) : null
}

export function parseQuery(search: string): Query {
  const p = new URLSearchParams(search)
  const sort = kSorts.find((s) => s === p.get('sort')) ?? 'arrived'
  const limit = Number(p.get('limit'))
  const offset = Number(p.get('offset'))
  return {
    search: p.get('search') ?? '',
    states: kStates.filter((s) => list(p.get('state')).includes(s)),
    classes: list(p.get('class')),
    reviews: kReviews.filter((r) => list(p.get('review')).includes(r)),
    probabilityMin: fraction(p.get('probability_min')),
    probabilityMax: fraction(p.get('probability_max')),
    sort,
    descending: p.has('descending') ? p.get('descending') === '1' : descendsFirst(sort),
    limit: kLimits.includes(limit) ? limit : 50,
    offset: Number.isInteger(offset) && offset > 0 ? offset : 0,
  }
}

/** For the address: only what differs from no filter. */
export function formatQuery(q: Query): string {
  const p = new URLSearchParams()
  if (q.search) p.set('search', q.search)
  if (q.states.length) p.set('state', q.states.join(','))
  if (q.classes.length) p.set('class', q.classes.join(','))
  if (q.reviews.length) p.set('review', q.reviews.join(','))
  if (q.probabilityMin !== null) p.set('probability_min', String(q.probabilityMin / 100))
  if (q.probabilityMax !== null) p.set('probability_max', String(q.probabilityMax / 100))
  if (q.sort !== 'arrived') p.set('sort', q.sort)
  if (q.descending !== descendsFirst(q.sort)) p.set('descending', q.descending ? '1' : '0')
  if (q.limit !== 50) p.set('limit', String(q.limit))
  if (q.offset) p.set('offset', String(q.offset))
  return p.toString()
}

/** For the node: order and page are always said. */
export function requestOf(q: Query): string {
  const p = new URLSearchParams(formatQuery(q))
  p.set('sort', q.sort)
  p.set('descending', q.descending ? '1' : '0')
  p.set('limit', String(q.limit))
  p.set('offset', String(q.offset))
  return p.toString()
}

export const isFiltered = (q: Query): boolean =>
  formatQuery({ ...q, sort: 'arrived', descending: true, limit: 50, offset: 0 }) !== ''
