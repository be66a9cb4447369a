import { render } from 'preact'
import { startNavigation } from './base/navigation.ts'
import { startTheme } from './base/theme.ts'
import { App } from './shell/app.tsx'
import { startSession } from './shell/session.ts'
import './styles/base.css'
import './styles/shell.css'
import './styles/worklist.css'
import './styles/study.css'
import './styles/viewer.css'

startTheme()
startNavigation()
startSession()
const root = document.getElementById('page')
if (root) render(<App />, root)
