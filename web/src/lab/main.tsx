import { render } from 'preact'
import { startTheme } from '../base/theme.ts'
import { App } from './app.tsx'
import { enter } from './client.ts'
import { startLive } from './live.ts'
import '../styles/base.css'
import '../styles/shell.css'
import '../styles/study.css'
import '../styles/viewer.css'
import './lab.css'

/** The token goes from the address at once: it is good once and belongs in no history. */
async function exchangeToken(): Promise<void> {
  const token = /^#token=([0-9a-f]+)$/.exec(location.hash)?.[1]
  if (!token) return
  history.replaceState(null, '', '#/overview')
  // A token that was used before may have been used by this browser: its cookie says so.
  await enter(token).catch(() => {})
}

startTheme()
await exchangeToken()
startLive()
const root = document.getElementById('page')
if (root) render(<App />, root)
