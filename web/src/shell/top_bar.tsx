import type { Session } from '../api/types.ts'
import { useStore } from '../base/store.ts'
import { go, mayLeave, place, worklistHash } from '../base/navigation.ts'
import { theme, type Theme } from '../base/theme.ts'
import { showHelp } from './help.tsx'
import { logOut } from './log_out.ts'

const kNextTheme: Record<Theme, Theme> = { system: 'dark', dark: 'light', light: 'system' }
const kThemeMark: Record<Theme, string> = { system: '◐', dark: '●', light: '○' }

function Item({ hash, here, children }: { hash: string; here: boolean; children: string }) {
  const follow = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    void go(hash)
  }
  return (
    <a href={hash} onClick={follow} aria-current={here ? 'page' : undefined}>
      {children}
    </a>
  )
}

export function TopBar({ session }: { session: Session }) {
  const { page } = useStore(place)
  const look = useStore(theme)
  return (
    <header class="top-bar">
      <a class="skip" href="#main" onClick={(e) => (e.preventDefault(), document.getElementById('main')?.focus())}>
        Skip to the content
      </a>
      <span class="brand">{session.node || 'parotis'}</span>
      <nav aria-label="Pages">
        <Item hash={worklistHash()} here={page === 'worklist' || page === 'study'}>
          Worklist
        </Item>
        {session.role === 'admin' && (
          <Item hash="#/users" here={page === 'users'}>
            Users
          </Item>
        )}
        {session.role === 'admin' && (
          <Item hash="#/audit" here={page === 'audit'}>
            Audit trail
          </Item>
        )}
      </nav>
      <strong class="research-mark" title={session.intended_use} data-testid="research-use">
        Research use only <span class="wide-only">– not for diagnosis or treatment</span>
      </strong>
      <span class="grow" />
      <button type="button" class="quiet" onClick={() => theme.set(kNextTheme[look])} aria-label={`Colours: ${look}. Change`} title={`Colours: ${look}`} data-testid="theme">
        {kThemeMark[look]}
      </button>
      <button type="button" class="quiet" onClick={showHelp} aria-label="Keys and help" title="Keys (?)" data-testid="help-button">
        ?
      </button>
      <Item hash="#/account" here={page === 'account'}>
        {session.full_name || session.name}
      </Item>
      <button type="button" onClick={() => void mayLeave().then((may) => (may ? logOut() : undefined))} data-testid="logout">
        Log out
      </button>
    </header>
  )
}
