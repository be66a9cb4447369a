// Who is logged in, and when that ends. The node ends a session after idle_s without a request; here only what a person does
// counts as use, so that a page that asks by itself does not keep an abandoned session alive.

import * as client from '../api/client.ts'
import { RefusedError } from '../api/exchange.ts'
import type { Session } from '../api/types.ts'
import { pageHidden } from '../base/page_hidden.ts'
import { Store } from '../base/store.ts'

export type Standing =
  | { state: 'asking' }
  | { state: 'out'; why: string; /** Whose work is still on the page, hidden, until he is back. */ before: string | null }
  | { state: 'in'; session: Session }

const kWarnBefore_s = 60

export const standing = new Store<Standing>({ state: 'asking' })
export const away = new Store(false)
/** Seconds until the session ends, once that is near; null before. */
export const endsIn_s = new Store<number | null>(null)

export const session = (): Session | null => (standing.value.state === 'in' ? standing.value.session : null)

const kUseKey = 'parotis.use'
const kUseStep_ms = 500

let lastUsed = Date.now()
let lastKept = Date.now()

/** When a person last did something in any of the browser's windows: they share the session. */
function lastUse(): number {
  const shared = Number(localStorage.getItem(kUseKey))
  return shared > lastUsed && shared <= Date.now() ? shared : lastUsed
}

function noteUse(): void {
  lastUsed = Date.now()
  // A wheel turns many times a second.
  if (Math.abs(lastUsed - Number(localStorage.getItem(kUseKey))) > kUseStep_ms) localStorage.setItem(kUseKey, String(lastUsed))
}

/** Whose page this is, seen or hidden. */
const shownName = (): string | null => session()?.name ?? (standing.value.state === 'out' ? standing.value.before : null)

/** Another window may have logged in as somebody else. His page is not this one: begin anew. */
function isAnothers(fresh: Session): boolean {
  const shown = shownName()
  if (shown === null || shown === fresh.name) return false
  location.reload()
  return true
}

function leave(why: string, before: string | null): void {
  endsIn_s.set(null)
  pageHidden.set(true)
  standing.set({ state: 'out', why, before })
}

const signedOut = (why: string): void => leave(why, shownName())

function signedIn(fresh: Session): void {
  if (isAnothers(fresh)) return
  client.setCsrf(fresh.csrf)
  noteUse()
  lastKept = Date.now()
  endsIn_s.set(null)
  standing.set({ state: 'in', session: fresh })
  pageHidden.set(false)
}

export async function resume(): Promise<void> {
  try {
    const fresh = await client.getSession()
    if (fresh) signedIn(fresh)
    else signedOut('')
  } catch {
    setTimeout(() => void resume(), 3000)
  }
}

export async function login(name: string, password: string): Promise<void> {
  signedIn(await client.login(name, password))
}

/** Throws when the session is still open. */
export async function logout(): Promise<void> {
  try {
    await client.logout()
  } catch (error) {
    // Another window may have logged in anew: with its secret the next try is not refused.
    if (error instanceof RefusedError) void askSession()
    throw error
  }
  leave('You are logged out.', null)
}

/** The node counts this as use. */
async function askSession(): Promise<void> {
  lastKept = Date.now()
  const fresh = await client.getSession().catch(() => undefined)
  if (fresh === null) signedOut('The session has ended.')
  else if (fresh && !isAnothers(fresh)) client.setCsrf(fresh.csrf)
}

/** A person wants to stay. */
export async function keep(): Promise<void> {
  noteUse()
  endsIn_s.set(null)
  await askSession()
}

/** The node knows of use as late as a quarter of the time, but of the last one too: it must not end the session before the warning. */
function tellUse(now: Session): void {
  if (lastUse() > lastKept && Date.now() - lastKept > (now.idle_s * 1000) / 4) void askSession()
}

function used(): void {
  const now = session()
  if (!now || endsIn_s.value !== null) return
  noteUse()
  tellUse(now)
}

/** Pages that ask by themselves stop while the warning stands. */
export const mayPoll = (): boolean => session() !== null && endsIn_s.value === null && document.visibilityState === 'visible'

async function watch(): Promise<void> {
  const now = session()
  if (!now) return
  tellUse(now)
  const left_s = Math.ceil(now.idle_s - (Date.now() - lastUse()) / 1000)
  if (left_s <= 0) {
    await client.logout().catch(() => {})
    signedOut('The session ended because the page was not used.')
  } else endsIn_s.set(left_s <= Math.min(kWarnBefore_s, now.idle_s / 2) ? left_s : null)
}

export function startSession(): void {
  client.setEnds({ onSignedOut: () => signedOut('The session has ended. Log in to go on where you were.'), onAway: (is) => away.set(is) })
  for (const kind of ['pointerdown', 'keydown', 'wheel'] as const) addEventListener(kind, used, { passive: true, capture: true })
  setInterval(() => void watch(), 1000)
  void resume()
}
