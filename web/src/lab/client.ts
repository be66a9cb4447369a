// Every request to `parotis browse`: its pass, ETags, and sentences when something fails.

import { readTagged, refuse, type Tagged } from '../api/exchange.ts'
import { keepPass, pass } from './pass.ts'
import type { CaseImages, Curve, Overview, Results } from './types.ts'

async function ask(path: string, options: RequestInit = {}): Promise<Response> {
  const headers = new Headers(options.headers)
  headers.set('X-Parotis-Lab', pass())
  let response: Response
  try {
    response = await fetch(`/api/lab/${path}`, { credentials: 'omit', ...options, headers })
  } catch (error) {
    if (options.signal?.aborted) throw error
    throw new Error('parotis browse does not answer: it has ended, or is being started again. The page tries again.')
  }
  if (response.ok || response.status === 304) return response
  return refuse(response, 'The program')
}

/** Exchanges the address's token for a pass. */
export async function enter(token: string): Promise<void> {
  const answer = await ask('enter', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ token }) })
  keepPass(((await answer.json()) as { pass: string }).pass)
}

export const getOverview = async (etag: string): Promise<Tagged<Overview>> =>
  readTagged<Overview>(await ask('overview', { headers: etag ? { 'If-None-Match': etag } : {}, cache: 'no-store' }), etag)
export const getResults = async (): Promise<Results> => (await ask('results')).json() as Promise<Results>
export const getCurves = async (after: number): Promise<{ revision: number; curves: Curve[] }> =>
  (await ask(`curves?after=${after}`)).json() as Promise<{ revision: number; curves: Curve[] }>

const casePath = (id: string): string => `cases/${encodeURIComponent(id)}`
export const getCase = async (id: string): Promise<CaseImages> => (await ask(casePath(id))).json() as Promise<CaseImages>
export const getVolume = (id: string, volume: string, signal: AbortSignal): Promise<Response> =>
  ask(`${casePath(id)}/volumes/${encodeURIComponent(volume)}`, { signal })
