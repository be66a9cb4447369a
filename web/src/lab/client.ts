// Every request to `parotis browse`: a cookie, ETags, and sentences when something fails.

import type { CaseImages, Curve, Overview, Results } from './types.ts'

export class RefusedError extends Error {
  readonly status: number
  constructor(status: number, sentence: string) {
    super(sentence)
    this.status = status
  }
}

async function ask(path: string, options: RequestInit = {}): Promise<Response> {
  let response: Response
  try {
    response = await fetch(`/api/lab/${path}`, { credentials: 'same-origin', ...options })
  } catch (error) {
    if (options.signal?.aborted) throw error
    throw new Error('parotis browse does not answer: it has ended, or is being started again. The page tries again.')
  }
  if (response.ok || response.status === 304) return response
  const body = (await response.json().catch(() => ({}))) as { error?: string }
  throw new RefusedError(response.status, body.error || `The program refused the request (${response.status}).`)
}

/** Exchanges the address's token for a cookie. */
export async function enter(token: string): Promise<void> {
  await ask('enter', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ token }) })
}

/** The value, or null when it is what `etag` stands for. */
async function tagged<T>(path: string, etag: string): Promise<{ value: T | null; etag: string }> {
  const response = await ask(path, { headers: etag ? { 'If-None-Match': etag } : {}, cache: 'no-store' })
  if (response.status === 304) return { value: null, etag }
  return { value: (await response.json()) as T, etag: response.headers.get('ETag') ?? '' }
}

export const getOverview = (etag: string): Promise<{ value: Overview | null; etag: string }> => tagged<Overview>('overview', etag)
export const getResults = async (): Promise<Results> => (await ask('results')).json() as Promise<Results>
export const getCurves = async (after: number): Promise<{ revision: number; curves: Curve[] }> =>
  (await ask(`curves?after=${after}`)).json() as Promise<{ revision: number; curves: Curve[] }>

const casePath = (id: string): string => `cases/${encodeURIComponent(id)}`
export const getCase = async (id: string): Promise<CaseImages> => (await ask(casePath(id))).json() as Promise<CaseImages>
export const getVolume = (id: string, volume: string, signal: AbortSignal): Promise<Response> =>
  ask(`${casePath(id)}/volumes/${encodeURIComponent(volume)}`, { signal })
