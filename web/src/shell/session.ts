// Who is logged in, and when that ends. The node ends a session after idle_s without a request; here only what a person does
// counts as use, so that a page that asks by itself does not keep an abandoned session alive.

import * as client from '../api/client.ts'
import type { Session } from '../api/types.ts'
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

let lastUse = Date.now()
let lastKept = Date.now()

function signedOut(why: string): void {
  const before = session()?.name ?? (standing.value.state === 'out' ? standing.value.before : null)
  endsIn_s.set(null)
  standing.set({ state: 'out', why, before })
}

function signedIn(fresh: Session): void {
  const before = standing.value.state === 'out' ? standing.value.before : null
  // Somebody else's page is not his: begin anew.
  if (before !== null && before !== fresh.name) return location.reload()
  client.setCsrf(fresh.csrf)
  lastUse = lastKept = Date.now()
  endsIn_s.set(null)
  standing.set({ state: 'in', session: fresh })
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

export async function logout(): Promise<void> {
  await client.logout().catch(() => {})
  standing.set({ state: 'out', why: 'You are logged out.', before: null })
}

/** Asks the node for something, so that it knows the session is in use. */
export async function keep(): Promise<void> {
  lastUse = lastKept = Date.now()
  endsIn_s.set(null)
  const fresh = await client.getSession().catch(() => undefined)
  if (fresh) client.setCsrf(fresh.csrf)
  if (fresh === null) signedOut('The session has ended.')
}

function used(): void {
  if (endsIn_s.value !== null) return
  lastUse = Date.now()
  const now = session()
  if (now && Date.now() - lastKept > (now.idle_s * 1000) / 4) void keep()
}

/** Pages that ask by themselves stop while the warning stands. */
export const mayPoll = (): boolean => session() !== null && endsIn_s.value === null && document.visibilityState === 'visible'

async function watch(): Promise<void> {
  const now = session()
  if (!now) return
  const left_s = Math.ceil(now.idle_s - (Date.now() - lastUse) / 1000)
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
