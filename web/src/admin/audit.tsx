// Who did what, latest first. The filters are in the address.

import { useEffect, useMemo, useState } from 'preact/hooks'
import { getAudit } from '../api/client.ts'
import type { AuditEvent } from '../api/types.ts'
import { dateTime } from '../base/format.ts'
import { replace } from '../base/navigation.ts'

const kPage = 100

/** The filters of the address, and a page of the trail, as the node wants them. `from` is a day there and seconds for the node. */
export function auditRequest(search: string, before: number | null): string {
  const asked = new URLSearchParams(search)
  const p = new URLSearchParams({ limit: String(kPage) })
  for (const key of ['search', 'user']) if (asked.get(key)) p.set(key, asked.get(key) ?? '')
  const from = Date.parse(`${asked.get('from')}T00:00`)
  if (Number.isFinite(from)) p.set('from', String(from / 1000))
  if (before !== null) p.set('before', String(before))
  return p.toString()
}

function Line({ event }: { event: AuditEvent }) {
  return (
    <tr>
      <td class="date">{dateTime(event.at)}</td>
      <td>{event.event.replaceAll('_', ' ')}</td>
      <td>{event.user}</td>
      <td>{event.address}</td>
      <td>{event.study ? <a href={`#/study/${event.study}`}>{event.patient || event.study.slice(0, 12)}</a> : event.patient}</td>
      <td class="text">{event.detail}</td>
    </tr>
  )
}

export function Audit({ search }: { search: string }) {
  const [events, setEvents] = useState<AuditEvent[] | null>(null)
  const [more, setMore] = useState(false)
  const [problem, setProblem] = useState('')
  const asked = useMemo(() => new URLSearchParams(search), [search])

  const load = async (known: AuditEvent[]): Promise<void> => {
    try {
      const page = (await getAudit(auditRequest(search, known.at(-1)?.at ?? null))).events
      setEvents([...known, ...page])
      setMore(page.length === kPage)
      setProblem('')
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error))
    }
  }
  useEffect(() => void load([]), [search])

  const change = (key: string, value: string): void => {
    const next = new URLSearchParams(asked)
    if (value) next.set(key, value)
    else next.delete(key)
    replace(`#/audit?${next}`)
  }
  const bound = (key: string) => ({ value: asked.get(key) ?? '', onChange: (e: Event) => change(key, (e.currentTarget as HTMLInputElement).value) })
  return (
    <main id="main" tabIndex={-1} class="narrow full">
      <h1>Audit trail</h1>
      <form class="row-form" role="search" onSubmit={(e) => e.preventDefault()}>
        <label>
          Search
          <input type="search" {...bound('search')} />
        </label>
        <label>
          User
          <input type="text" {...bound('user')} />
        </label>
        <label>
          From
          <input type="date" {...bound('from')} />
        </label>
      </form>
      <p class="problem" role="alert">
        {problem}
      </p>
      <div class="table-box">
        <table data-testid="audit">
          <thead>
            <tr>
              {['When', 'What', 'Who', 'From', 'Study', 'Detail'].map((title) => (
                <th scope="col">{title}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {(events ?? []).map((event) => (
              <Line event={event} />
            ))}
          </tbody>
        </table>
        {!events && !problem && <p class="empty">Loading the audit trail …</p>}
        {events?.length === 0 && <p class="empty">Nothing fits.</p>}
      </div>
      {more && (
        <button type="button" onClick={() => void load(events ?? [])}>
          Older events
        </button>
      )}
    </main>
  )
}
