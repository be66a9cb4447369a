import type { StudyRow, StudyState } from '../src/api/types.ts'
import type { MockStudy } from './studies.ts'

const kReviewOf = { accept: 'accepted', edit: 'edited', reject: 'rejected' } as const

const list = (text: string | null): string[] => (text ?? '').split(',').filter(Boolean)

function fits(row: StudyRow, p: URLSearchParams): boolean {
  const text = `${row.patient.name} ${row.patient.id} ${row.accession_number} ${row.description}`.toLowerCase()
  const answer = row.verdict === 'class' ? row.class : row.verdict
  const review = row.review ? kReviewOf[row.review.decision] : 'open'
  const among = (key: string, value: string): boolean => !list(p.get(key)).length || list(p.get(key)).includes(value)
  const min = p.get('probability_min')
  const max = p.get('probability_max')
  return (
    (p.get('search') ?? '').toLowerCase().split(/\s+/).every((word) => text.includes(word)) &&
    among('state', row.state) &&
    among('class', answer) &&
    among('review', review) &&
    (!min || (row.probability ?? -1) >= Number(min)) &&
    (!max || (row.probability ?? 2) <= Number(max))
  )
}

const kKeys: Record<string, (row: StudyRow) => string | number> = {
  arrived: (row) => row.arrived,
  name: (row) => row.patient.name,
  date: (row) => row.date,
  probability: (row) => row.probability ?? -1,
  state: (row) => row.state,
}

export function worklist(studies: MockStudy[], p: URLSearchParams): object {
  const rows = studies.map((s) => s.row)
  const counts = Object.fromEntries((['received', 'ready', 'running', 'sending', 'done', 'refused', 'failed'] as StudyState[]).map((state) => [state, rows.filter((r) => r.state === state).length]))
  const key = kKeys[p.get('sort') || 'arrived'] ?? kKeys.arrived
  const sign = p.get('descending') === '0' ? 1 : -1
  const found = rows.filter((row) => fits(row, p)).sort((a, b) => (key(a) < key(b) ? -sign : key(a) > key(b) ? sign : 0))
  const offset = Number(p.get('offset') || 0)
  return { total: found.length, counts, studies: found.slice(offset, offset + Number(p.get('limit') || 50)) }
}
