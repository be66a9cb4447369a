import { useLayoutEffect, useRef } from 'preact/hooks'
import { Announcer } from '../base/announce.tsx'
import { useStore } from '../base/store.ts'
import { theme, type Theme } from '../base/theme.ts'
import { Compare } from './compare.tsx'
import { overview, place, results, trouble } from './live.ts'
import { OverviewPage } from './overview.tsx'
import { PatientPage } from './patient.tsx'
import { titleOf } from './place.ts'
import { To } from './to.tsx'

const kNextTheme: Record<Theme, Theme> = { system: 'dark', dark: 'light', light: 'system' }
const kThemeMark: Record<Theme, string> = { system: '◐', dark: '●', light: '○' }

function Bar() {
  const look = useStore(theme)
  const { page } = useStore(place)
  const now = useStore(overview)
  return (
    <header class="top-bar">
      <a class="skip" href="#main" onClick={(e) => (e.preventDefault(), document.getElementById('main')?.focus())}>
        Skip to the content
      </a>
      <span class="brand">{now?.name || now?.folder || 'parotis'}</span>
      <nav aria-label="Pages">
        <To change={{ page: 'overview' }} current={page === 'overview'}>
          Overview
        </To>
        <To change={{ page: 'compare' }} current={page !== 'overview'}>
          Compare
        </To>
      </nav>
      <strong class="research-mark" title={now?.intended_use}>
        Research use only
      </strong>
      <span class="grow" />
      <button type="button" class="quiet" onClick={() => theme.set(kNextTheme[look])} aria-label={`Colours: ${look}. Change`} title={`Colours: ${look}`} data-testid="theme">
        {kThemeMark[look]}
      </button>
    </header>
  )
}

/** Whoever comes to another page or patient is told so: by the browser's title, and by the heading, which gets the focus. At the
    first page it stays where the browser puts it. */
function useArrival(): void {
  const here = useStore(place)
  const now = useStore(overview)
  const isFirst = useRef(true)
  const title = titleOf(here, now?.name || now?.folder || '')
  useLayoutEffect(() => {
    document.title = title
  }, [title])
  useLayoutEffect(() => {
    const heading = document.querySelector<HTMLElement>('main h1') ?? document.getElementById('main')
    if (!isFirst.current) heading?.focus()
    isFirst.current = false
  }, [here.page, here.patient])
}

function Page() {
  const here = useStore(place)
  const made = useStore(results)
  useArrival()
  if (here.page === 'overview') return <OverviewPage />
  if (!made) return <p class="empty">No figures yet: the overview says how far the study is.</p>
  if (!made.runs.length) return <p class="empty">No cross-validation is complete yet: the overview says how far the study is.</p>
  return here.page === 'patient' ? <PatientPage key={here.patient} id={here.patient} results={made} /> : <Compare results={made} />
}

export function App() {
  const bad = useStore(trouble)
  const now = useStore(overview)
  if (bad.ended)
    return (
      <main class="empty" id="main">
        <h1>This page is not open to you yet</h1>
        <p>{bad.text}</p>
      </main>
    )
  return (
    <div class="page">
      <Bar />
      {bad.text && (
        <p class="banner danger" role="alert">
          {bad.text}
        </p>
      )}
      <main id="main" tabIndex={-1} class="lab">
        {now ? <Page /> : <p class="waiting">Loading …</p>}
      </main>
      <Announcer />
    </div>
  )
}
