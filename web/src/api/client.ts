// Every request to the node goes through here: cookies, the CSRF header, ETags, and three ways to fail that people are told apart.

import { readTagged, refuse as refuseAs, type Tagged } from './exchange.ts'
import type { AuditEvent, ReviewRequest, Session, Study, User, Worklist } from './types.ts'

/** The node did not answer at all, or a proxy answered for it. */
export class AwayError extends Error {
  constructor() {
    super('The node does not answer. Nothing is lost; the page tries again.')
  }
}

export interface Ends {
  /** The session is over (401 on anything but a login). */
  onSignedOut: () => void
  /** True when the node has just not answered, false when it has. */
  onAway: (away: boolean) => void
}

let csrf = ''
let ends: Ends = { onSignedOut: () => {}, onAway: () => {} }

export const setEnds = (to: Ends): void => void (ends = to)
export const setCsrf = (token: string): void => void (csrf = token)

interface Options {
  method?: string
  body?: unknown
  etag?: string
  signal?: AbortSignal
}

async function send(path: string, options: Options = {}): Promise<Response> {
  const headers = new Headers()
  if (options.body !== undefined) headers.set('Content-Type', 'application/json')
  if (options.method && options.method !== 'GET') headers.set('X-CSRF-Token', csrf)
  if (options.etag) headers.set('If-None-Match', options.etag)
  let response: Response
  try {
    response = await fetch(path, {
      method: options.method ?? 'GET',
      headers,
      body: options.body === undefined ? null : JSON.stringify(options.body),
      signal: options.signal ?? null,
      credentials: 'same-origin',
      cache: options.etag === undefined ? 'default' : 'no-store',
    })
  } catch (error) {
    if (options.signal?.aborted) throw error
    ends.onAway(true)
    throw new AwayError()
  }
  if ([502, 503, 504].includes(response.status)) {
    ends.onAway(true)
    throw new AwayError()
  }
  ends.onAway(false)
  return response
}

const refuse = (response: Response): Promise<never> => refuseAs(response, 'The node')

async function ask(path: string, options: Options = {}): Promise<Response> {
  const response = await send(path, options)
  if (response.ok || response.status === 304) return response
  if (response.status === 401) ends.onSignedOut()
  return refuse(response)
}

const json = async <T>(path: string, options: Options = {}): Promise<T> => (await ask(path, options)).json() as Promise<T>

const tagged = async <T>(path: string, etag: string, signal?: AbortSignal): Promise<Tagged<T>> => readTagged<T>(await ask(path, signal ? { etag, signal } : { etag }), etag)

const study = (id: string): string => `/api/studies/${encodeURIComponent(id)}`
const at = (version: string | undefined): string => (version ? `?version=${encodeURIComponent(version)}` : '')

/** Null when nobody is logged in. */
export async function getSession(): Promise<Session | null> {
  const response = await send('/api/session')
  if (response.status === 401) return null
  return response.ok ? ((await response.json()) as Session) : refuse(response)
}

/** A letter with its mark is one character or two, as the keyboard has it; a password is the same either way (RFC 8265, 4.2.2). */
const typed = (password: string): string => password.normalize('NFC')

export async function login(name: string, password: string): Promise<Session> {
  const response = await send('/api/login', { method: 'POST', body: { name, password: typed(password) } })
  return response.ok ? ((await response.json()) as Session) : refuse(response)
}

/** Throws unless the session is over; 401: it was already. */
export async function logout(): Promise<void> {
  const response = await send('/api/logout', { method: 'POST' })
  if (response.status !== 204 && response.status !== 401) await refuse(response)
}

/** 401 here says that the old password is wrong, not that the session is over. */
export async function changePassword(old: string, fresh: string): Promise<void> {
  const response = await send('/api/password', { method: 'POST', body: { old: typed(old), new: typed(fresh) } })
  if (!response.ok) await refuse(response)
}

export const getWorklist = (search: string, etag: string, signal?: AbortSignal): Promise<Tagged<Worklist>> =>
  tagged<Worklist>(`/api/worklist?${search}`, etag, signal)

export const getStudy = (id: string, version: string | undefined, etag: string, signal?: AbortSignal): Promise<Tagged<Study>> =>
  tagged<Study>(study(id) + at(version), etag, signal)

export const openStudy = async (id: string): Promise<void> => void (await ask(`${study(id)}/open`, { method: 'POST' }))

export const volumePath = (id: string, name: string, version: string): string => `${study(id)}/volumes/${encodeURIComponent(name)}${at(version)}`
export const filePath = (id: string, name: string, version: string): string => `${study(id)}/files/${encodeURIComponent(name)}${at(version)}`

/** The bytes as they came: gzip, unless the browser has already undone it. */
export const getBytes = async (path: string, signal: AbortSignal): Promise<Response> => ask(path, { signal })

export const postReview = (id: string, review: ReviewRequest): Promise<{ version: string }> =>
  json(`${study(id)}/reviews`, { method: 'POST', body: review })

export const getUsers = (): Promise<User[]> => json('/api/users')

export interface NewUser {
  name: string
  full_name: string
  role: string
  password: string
}
export const addUser = async (user: NewUser): Promise<void> => void (await ask('/api/users', { method: 'POST', body: { ...user, password: typed(user.password) } }))

export interface UserChange {
  full_name?: string
  role?: string
  disabled?: boolean
  password?: string
}
export const changeUser = async (name: string, change: UserChange): Promise<void> =>
  void (await ask(`/api/users/${encodeURIComponent(name)}`, { method: 'POST', body: change.password === undefined ? change : { ...change, password: typed(change.password) } }))

export const getAudit = (search: string): Promise<{ events: AuditEvent[] }> => json(`/api/audit?${search}`)
