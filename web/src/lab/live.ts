// What the program says, kept fresh: often while the study runs, seldom afterwards.

import { RefusedError } from '../api/exchange.ts'
import { Store } from '../base/store.ts'
import { getCurves, getOverview, getResults } from './client.ts'
import { formatPlace, parsePlace, placeAfter, type Place } from './place.ts'
import { mayChange } from './tasks.ts'
import type { Curve, Overview, Results } from './types.ts'

const kSoon_ms = 1500
const kLater_ms = 6000
const kNote_ms = 200

export const overview = new Store<Overview | null>(null)
export const results = new Store<Results | null>(null)
export const curves = new Store<Curve[]>([])
/** Why nothing new comes; "" while all is well. `ended`: asking again does not help. */
export const trouble = new Store<{ text: string; ended: boolean }>({ text: '', ended: false })

export const place = new Store<Place>(parsePlace(location.hash))

function move(how: 'pushState' | 'replaceState', change: Partial<Place>): void {
  const to = placeAfter(place.value, change)
  try {
    history[how](null, '', formatPlace(to))
  } catch {
    // Browsers refuse addresses that change too often: the page goes on, and its address stays behind.
  }
  place.set(to)
}

export const go = (change: Partial<Place>): void => move('pushState', change)

/** The same without a step of its own for the browser's way back. */
export const note = (change: Partial<Place>): void => move('replaceState', change)

let noting = 0

/** Once scrolling has come to rest, and if it is still what is looked at: with every step of the wheel it would be too often. */
export function noteSlice(slice: number): void {
  const { patient, examination } = place.value
  clearTimeout(noting)
  noting = window.setTimeout(() => {
    const now = place.value
    if (now.page === 'patient' && now.patient === patient && now.examination === examination) note({ slice })
  }, kNote_ms)
}

let curvesSeen = 0

async function followCurves(): Promise<void> {
  const { revision, curves: fresh } = await getCurves(curvesSeen)
  curvesSeen = revision
  if (!fresh.length) return
  const kept = new Map(curves.value.map((curve) => [curve.task, curve]))
  for (const curve of fresh) kept.set(curve.task, curve)
  curves.set([...kept.values()].sort((a, b) => a.task - b.task))
}

let etag = ''

async function look(): Promise<void> {
  const answer = await getOverview(etag)
  etag = answer.etag
  if (answer.value) overview.set(answer.value)
  await followCurves()
  const revision = overview.value?.figures.revision ?? 0
  if (revision > 0 && revision !== results.value?.revision) results.set(await getResults())
}

export function startLive(): void {
  const follow = (): void => place.set(parsePlace(location.hash))
  window.addEventListener('hashchange', follow)
  window.addEventListener('popstate', follow)
  const again = async (): Promise<void> => {
    try {
      if (!document.hidden) await look()
      trouble.set({ text: '', ended: false })
    } catch (error) {
      const ended = error instanceof RefusedError && error.status === 401
      trouble.set({ text: error instanceof Error ? error.message : String(error), ended })
      if (ended) return
    }
    setTimeout(() => void again(), mayChange(overview.value) || trouble.value.text ? kSoon_ms : kLater_ms)
  }
  void again()
}
