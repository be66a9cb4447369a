import { render } from 'preact'
import { startTheme } from '../base/theme.ts'
import { App } from './app.tsx'
import { enter } from './client.ts'
import { startLive, trouble } from './live.ts'
import { tokenOf } from './pass.ts'
import '../styles/base.css'
import '../styles/shell.css'
import '../styles/study.css'
import '../styles/viewer.css'
import './lab.css'

/** The token goes from the address at once: it is good once and belongs in no history. */
async function exchangeToken(): Promise<void> {
  const token = tokenOf(location.hash)
  if (!token) return
  history.replaceState(null, '', '#/overview')
  // A token that was used before may have been used by this browser: its pass says so.
  await enter(token).catch(() => {})
}

// An address that is opened where this page stands already changes only what follows #: the page begins anew.
window.addEventListener('hashchange', () => tokenOf(location.hash) && location.reload())
// A tab that was turned away is let in with another one.
window.addEventListener('storage', () => trouble.value.ended && location.reload())

startTheme()
await exchangeToken()
startLive()
const root = document.getElementById('page')
if (root) render(<App />, root)
