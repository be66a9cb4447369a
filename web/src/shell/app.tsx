import { useEffect } from 'preact/hooks'
import type { Session } from '../api/types.ts'
import { Audit } from '../admin/audit.tsx'
import { Users } from '../admin/users.tsx'
import { Announcer } from '../base/announce.tsx'
import { AskHost } from '../base/ask.tsx'
import { listenKeys } from '../base/keys.ts'
import { place } from '../base/navigation.ts'
import { useStore } from '../base/store.ts'
import { StudyPage } from '../study/study_page.tsx'
import { WorklistPage } from '../worklist/worklist_page.tsx'
import { Account } from './account.tsx'
import { AwayBanner, EndWarning } from './banners.tsx'
import { HelpHost, showHelp } from './help.tsx'
import { Login } from './login.tsx'
import { standing } from './session.ts'
import { TopBar } from './top_bar.tsx'

function CurrentPage({ session }: { session: Session }) {
  const here = useStore(place)
  const admin = session.role === 'admin'
  if (here.page === 'study') return <StudyPage key={here.id} id={here.id} version={here.version} session={session} />
  if (here.page === 'users' && admin) return <Users session={session} />
  if (here.page === 'audit' && admin) return <Audit search={here.search} />
  if (here.page === 'account') return <Account session={session} />
  return <WorklistPage search={here.page === 'worklist' ? here.search : ''} session={session} />
}

let last: Session | null = null

/** A session that ends hides the page but keeps it, so that whoever logs in again finds his work. */
export function App() {
  const now = useStore(standing)
  const { page } = useStore(place)
  useEffect(() => document.getElementById('main')?.focus({ preventScroll: true }), [page])
  useEffect(() => listenKeys((key) => key === '?' && standing.value.state === 'in' && (showHelp(), true)), [])
  if (now.state === 'asking')
    return (
      <main>
        <AwayBanner />
        <p class="waiting">Loading …</p>
      </main>
    )
  if (now.state === 'in') last = now.session
  else if (now.before === null) last = null
  return (
    <>
      {last && (
        <div class="page" hidden={now.state !== 'in'}>
          <TopBar session={last} />
          <AwayBanner />
          <CurrentPage session={last} />
          <HelpHost />
          <AskHost />
          <EndWarning />
        </div>
      )}
      {now.state === 'out' && <AwayBanner />}
      {now.state === 'out' && <Login why={now.why} />}
      <Announcer />
    </>
  )
}
