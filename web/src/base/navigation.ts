// Where the page is, and how it gets elsewhere. Somebody with unsaved work may hold it back.

import { formatPlace, parsePlace, type Place, type StudyPlace } from './route.ts'
import { Store } from './store.ts'

export const place = new Store<Place>(parsePlace(location.hash))

/** Asked before the page leaves a study; resolves to false to stay. */
let guard: (() => Promise<boolean>) | null = null
export const setGuard = (ask: (() => Promise<boolean>) | null): void => void (guard = ask)

/** Asks whoever has unsaved work; true to go. */
export const mayLeave = async (): Promise<boolean> => !guard || guard()

/** The worklist's own address, so that the way back from a study leads to the same rows. */
let lastWorklist = '#/worklist'
export const worklistHash = (): string => lastWorklist

const leaves = (from: Place, to: Place): boolean => from.page !== to.page || (from.page === 'study' && to.page === 'study' && (from.id !== to.id || from.version !== to.version))

/** False when somebody held the page back. */
async function arrive(to: Place, write: 'push' | 'replace' | 'none'): Promise<boolean> {
  if (guard && leaves(place.value, to)) {
    if (write === 'none') history.pushState(null, '', formatPlace(place.value))
    if (!(await guard())) return false
    if (write === 'none') write = 'push'
  }
  if (write === 'push') history.pushState(null, '', formatPlace(to))
  if (write === 'replace') history.replaceState(null, '', formatPlace(to))
  if (to.page === 'worklist') lastWorklist = formatPlace(to)
  place.set(to)
  return true
}

export const go = (hash: string): Promise<boolean> => arrive(parsePlace(hash), 'push')
export const replace = (hash: string): void => void arrive(parsePlace(hash), 'replace')

/** Changes the address without telling anyone: for what follows the mouse, such as the slice. */
export function noteStudyPlace(change: Partial<StudyPlace>): void {
  const now = parsePlace(location.hash)
  if (now.page !== 'study') return
  history.replaceState(null, '', formatPlace({ ...now, ...change }))
}

export function startNavigation(): void {
  const follow = (): void => {
    const to = parsePlace(location.hash)
    if (formatPlace(to) !== formatPlace(place.value)) void arrive(to, 'none')
  }
  window.addEventListener('hashchange', follow)
  window.addEventListener('popstate', follow)
  if (place.value.page === 'worklist') lastWorklist = formatPlace(place.value)
}
