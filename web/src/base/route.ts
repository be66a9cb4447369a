// The page's place is the part of the address after #: a link to a study is an address, and a reload lands where one was. Pure.

export type SideTab = 'findings' | 'why' | 'review' | 'history' | 'files'
export const kSideTabs: SideTab[] = ['findings', 'why', 'review', 'history', 'files']

export interface StudyPlace {
  page: 'study'
  id: string
  /** Undefined: the version the node shows by itself. */
  version?: string | undefined
  /** Index along the slice axis, as people count: from 1. */
  slice?: number | undefined
  tab?: SideTab | undefined
}

export type Place =
  | { page: 'worklist'; search: string }
  | StudyPlace
  | { page: 'users' }
  | { page: 'audit'; search: string }
  | { page: 'account' }

const positive = (text: string | null): number | undefined => {
  const n = Number(text)
  return text && Number.isInteger(n) && n > 0 ? n : undefined
}

function studyPlace(id: string, params: URLSearchParams): StudyPlace {
  const tab = kSideTabs.find((t) => t === params.get('tab'))
  return { page: 'study', id, version: params.get('version') ?? undefined, slice: positive(params.get('slice')), tab }
}

/** Anything that is no place is the worklist. */
export function parsePlace(hash: string): Place {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split(/\?(.*)/s)
  const parts = path.split('/').filter(Boolean)
  if (parts[0] === 'study' && /^[0-9a-f]+$/.test(parts[1] ?? '')) return studyPlace(parts[1], new URLSearchParams(search))
  if (parts[0] === 'users') return { page: 'users' }
  if (parts[0] === 'audit') return { page: 'audit', search }
  if (parts[0] === 'account') return { page: 'account' }
  return { page: 'worklist', search: parts[0] === 'worklist' ? search : '' }
}

const withSearch = (path: string, search: string): string => (search ? `${path}?${search}` : path)

export function formatPlace(place: Place): string {
  if (place.page === 'worklist') return withSearch('#/worklist', place.search)
  if (place.page === 'audit') return withSearch('#/audit', place.search)
  if (place.page !== 'study') return `#/${place.page}`
  const params = new URLSearchParams()
  if (place.version) params.set('version', place.version)
  if (place.slice) params.set('slice', String(place.slice))
  if (place.tab && place.tab !== 'findings') params.set('tab', place.tab)
  return withSearch(`#/study/${place.id}`, params.toString())
}
