// Every study the node has, live. The address holds the filters; the chosen row is kept while rows come and go.

import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Session, StudyRow } from '../api/types.ts'
import { say } from '../base/announce.tsx'
import { listenKeys } from '../base/keys.ts'
import { go, replace } from '../base/navigation.ts'
import { parsePlace } from '../base/route.ts'
import { Filters } from './filters.tsx'
import { useWorklist } from './poll.ts'
import { descendsFirst, formatQuery, isFiltered, kLimits, kNoFilter, parseQuery, requestOf, type Query, type SortKey } from './query.ts'
import { StudyRowView } from './row.tsx'

const kChosenKey = 'parotis.chosen'

interface Column {
  title: string
  sort?: SortKey
  /** The narrowest page that still shows it. */
  from?: 'mid' | 'wide'
  number?: boolean
  hint?: string
}

const kColumns: Column[] = [
  { title: 'Patient', sort: 'name' },
  { title: 'ID', from: 'mid' },
  { title: 'Sex, age' },
  { title: 'Study date', sort: 'date', number: true, from: 'mid' },
  { title: 'Description', from: 'wide' },
  { title: 'Accession', from: 'wide' },
  { title: 'State', sort: 'state' },
  { title: 'Answer' },
  { title: 'Prob.', sort: 'probability', number: true, hint: 'Probability of the likeliest class' },
  { title: 'Malignant', number: true, hint: 'Probability of the malignant classes together' },
  { title: 'Lesions', number: true, from: 'wide' },
  { title: 'Flags', number: true },
  { title: 'Review' },
  { title: 'Arrived', sort: 'arrived', number: true, from: 'wide' },
]

function Head({ column, query, onSort }: { column: Column; query: Query; onSort: (sort: SortKey) => void }) {
  const sorted = column.sort === query.sort
  const classes = [column.from ? `${column.from}-only` : '', column.number ? 'number' : ''].join(' ').trim()
  const direction = query.descending ? 'descending' : 'ascending'
  return (
    <th scope="col" class={classes} aria-sort={sorted ? direction : undefined} title={column.hint}>
      {column.sort ? (
        <button type="button" class="sort" onClick={() => column.sort && onSort(column.sort)}>
          {column.title}
          <span aria-hidden="true">{sorted ? (query.descending ? ' ▾' : ' ▴') : ''}</span>
        </button>
      ) : (
        column.title
      )}
    </th>
  )
}

function Pager({ query, total, onChange }: { query: Query; total: number; onChange: (change: Partial<Query>) => void }) {
  const last = Math.max(0, Math.floor((total - 1) / query.limit) * query.limit)
  return (
    <nav class="pager" aria-label="Pages of the list">
      <button type="button" disabled={query.offset === 0} onClick={() => onChange({ offset: Math.max(0, query.offset - query.limit) })} aria-label="Previous page">
        ‹
      </button>
      <span>
        {total === 0 ? 0 : query.offset + 1}–{Math.min(total, query.offset + query.limit)} of {total}
      </span>
      <button type="button" disabled={query.offset >= last} onClick={() => onChange({ offset: query.offset + query.limit })} aria-label="Next page">
        ›
      </button>
      <select aria-label="Rows per page" value={query.limit} onChange={(e) => onChange({ limit: Number(e.currentTarget.value), offset: 0 })}>
        {kLimits.map((n) => (
          <option value={n}>{n} rows</option>
        ))}
      </select>
    </nav>
  )
}

const open = (id: string): void => {
  sessionStorage.setItem(kChosenKey, id)
  void go(`#/study/${id}`)
}

/** Moves the choice among `rows`, and the focus with it. */
function useChoice(rows: StudyRow[]): [string | null, (id: string) => void, (index: number) => void, number] {
  const [chosen, setChosen] = useState<string | null>(sessionStorage.getItem(kChosenKey))
  const index = rows.findIndex((row) => row.id === chosen)
  const choose = useCallback((id: string): void => {
    sessionStorage.setItem(kChosenKey, id)
    setChosen(id)
  }, [])
  const move = (to: number): void => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, to))]
    if (!row) return
    choose(row.id)
    const line = document.querySelector<HTMLElement>(`tr[data-id="${row.id}"]`)
    line?.scrollIntoView({ block: 'nearest' })
    line?.querySelector('a')?.focus({ preventScroll: true })
  }
  return [chosen ?? rows[0]?.id ?? null, choose, move, index]
}

export function WorklistPage({ search, session }: { search: string; session: Session }) {
  const query = useMemo(() => parseQuery(search), [search])
  const { list, answers, problem } = useWorklist(requestOf(query))
  const searchBox = useRef<HTMLInputElement>(null)
  const rows = list?.studies ?? []
  const [chosen, choose, move, index] = useChoice(rows)
  const current = rows.some((row) => row.id === chosen) ? chosen : (rows[0]?.id ?? null)

  // Of the address as it is now: what is typed comes a moment later, and another filter may have changed meanwhile.
  const change = (part: Partial<Query>): void => {
    const place = parsePlace(location.hash)
    const now = place.page === 'worklist' ? parseQuery(place.search) : query
    const filtered = Object.keys(part).some((key) => key !== 'offset')
    replace(`#/worklist?${formatQuery({ ...now, ...(filtered ? { offset: 0 } : {}), ...part })}`)
  }
  const sort = (key: SortKey): void => change({ sort: key, descending: key === query.sort ? !query.descending : descendsFirst(key) })

  useEffect(() => void (list && say(`${list.total} studies`)), [list?.total])
  useEffect(() => {
    document.title = 'Worklist – parotis'
  }, [])
  const keys = (key: string): boolean => {
    if (key === 'ArrowDown' || key === 'j') move(index + 1)
    else if (key === 'ArrowUp' || key === 'k') move(index < 0 ? 0 : index - 1)
    else if (key === 'Home') move(0)
    else if (key === 'End') move(rows.length - 1)
    else if (key === 'Enter' && current) open(current)
    else if (key === '/') searchBox.current?.focus()
    else if (key === 'Escape' && document.activeElement === searchBox.current) move(Math.max(0, index))
    else if (key === 'PageDown' && list && query.offset + query.limit < list.total) change({ offset: query.offset + query.limit })
    else if (key === 'PageUp' && query.offset > 0) change({ offset: Math.max(0, query.offset - query.limit) })
    else return false
    return true
  }
  const latestKeys = useRef(keys)
  latestKeys.current = keys
  useEffect(() => listenKeys((key) => latestKeys.current(key)), [])

  return (
    <main id="main" tabIndex={-1} class="worklist" aria-busy={answers !== requestOf(query)}>
      <h1 class="visually-hidden">Worklist</h1>
      <div class="list-bar">
        <Filters query={query} classes={session.classes} counts={list?.counts} searchBox={searchBox} onChange={change} />
        <Pager query={query} total={list?.total ?? 0} onChange={change} />
      </div>
      <div class="table-box">
        <table data-testid="worklist">
          <thead>
            <tr>
              {kColumns.map((column) => (
                <Head column={column} query={query} onSort={sort} />
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <StudyRowView key={row.id} row={row} chosen={row.id === current} onChoose={choose} onOpen={open} />
            ))}
          </tbody>
        </table>
        {!list && !problem && <p class="empty">Loading the worklist …</p>}
        {!list && problem && (
          <p class="empty" role="alert">
            {problem}
          </p>
        )}
        {list && rows.length === 0 && <Empty filtered={isFiltered(query)} onClear={() => change(kNoFilter)} />}
      </div>
    </main>
  )
}

function Empty({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  if (!filtered) return <p class="empty">No study has arrived yet. Send one to this node and it appears here by itself.</p>
  return (
    <p class="empty">
      No study fits these filters.{' '}
      <button type="button" onClick={onClear}>
        Clear filters
      </button>
    </p>
  )
}
