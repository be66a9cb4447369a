// Where the page is, and what is chosen there: the part of the address after #, so that a reload and a link keep it. Pure.

import type { Filter } from './filter.ts'

export interface Place {
  page: 'overview' | 'compare' | 'patient'
  /** Of the page `patient`. */
  patient: string
  /** Which of his cases; "": the first. */
  examination: string
  /** Keys of the runs that are shown (runKey); none: the first ones. */
  runs: string[]
  class: string
  /** What the learning curves show. */
  curve: 'loss' | 'soft_dice'
  table: number
  /** Column of the table, and which way; -1: as the study has it. */
  sort: number
  falling: boolean
  slice: number | undefined
  filter: Filter
}

const kPages = ['overview', 'compare', 'patient'] as const

const whole = (text: string | null, otherwise: number): number => (text !== null && /^-?\d{1,6}$/.test(text) ? Number(text) : otherwise)

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}

/** Anything that is no place is the overview. */
export function parsePlace(hash: string): Place {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split(/\?(.*)/s)
  const [name = '', id = ''] = path.split('/')
  const params = new URLSearchParams(search)
  const right = params.get('right')
  const patient = name === 'patient' ? decoded(id) : ''
  return {
    page: kPages.find((page) => page === name && (page !== 'patient' || patient)) ?? 'overview',
    patient,
    examination: params.get('case') ?? '',
    runs: params.getAll('run'),
    class: params.get('class') ?? '',
    curve: params.get('curve') === 'soft_dice' ? 'soft_dice' : 'loss',
    table: Math.max(0, whole(params.get('table'), 0)),
    sort: whole(params.get('sort'), -1),
    falling: params.has('falling'),
    slice: whole(params.get('slice'), 0) > 0 ? whole(params.get('slice'), 0) : undefined,
    filter: { truth: params.get('truth') ?? '', fold: whole(params.get('fold'), -1), right: right === 'right' || right === 'wrong' ? right : '' },
  }
}

export function formatPlace(place: Place): string {
  const params = new URLSearchParams()
  const { filter } = place
  for (const run of place.runs) params.append('run', run)
  if (place.class) params.set('class', place.class)
  if (place.curve !== 'loss') params.set('curve', place.curve)
  if (place.table) params.set('table', String(place.table))
  if (place.sort >= 0) params.set('sort', String(place.sort))
  if (place.falling) params.set('falling', '')
  if (place.examination && place.page === 'patient') params.set('case', place.examination)
  if (place.slice && place.page === 'patient') params.set('slice', String(place.slice))
  if (filter.truth) params.set('truth', filter.truth)
  if (filter.fold >= 0) params.set('fold', String(filter.fold))
  if (filter.right) params.set('right', filter.right)
  const path = place.page === 'patient' ? `patient/${encodeURIComponent(place.patient)}` : place.page
  const search = params.toString()
  return `#/${path}${search ? `?${search}` : ''}`
}

/** Where `change` leads. A slice is of one examination, and an examination of one patient: another one begins afresh. */
export function placeAfter(here: Place, change: Partial<Place>): Place {
  const to = { ...here, ...change }
  const isOther = to.page !== here.page || to.patient !== here.patient
  if (isOther) to.examination = change.examination ?? ''
  if (isOther || to.examination !== here.examination) to.slice = change.slice
  return to
}

const kTitles = { overview: 'Overview', compare: 'Compare' }

/** What the browser calls the page. */
export const titleOf = (place: Place, study: string): string => [place.page === 'patient' ? place.patient : kTitles[place.page], study, 'parotis'].filter(Boolean).join(' · ')
