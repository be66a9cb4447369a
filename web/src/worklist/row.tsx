// One study of the worklist. Drawn again only when it, or its being chosen, changed.

import { memo } from './memo.ts'
import type { StudyRow } from '../api/types.ts'
import { isMalignant } from '../base/class_words.ts'
import { ageYears, dateTime, dicomDate, kDash, percent, personName, shortDateTime } from '../base/format.ts'
import { answerWords, probabilityWords, ReviewMark, StateMark } from './words.tsx'

interface Props {
  row: StudyRow
  chosen: boolean
  onChoose: (id: string) => void
  onOpen: (id: string) => void
}

/** The malignant share as its own column: the likeliest class alone would hide it. */
function malignantShare(row: StudyRow): number | null {
  const shares = Object.entries(row.class_probabilities ?? {}).filter(([name]) => isMalignant(name))
  return shares.length ? shares.reduce((sum, [, p]) => sum + p, 0) : null
}

function Share({ p }: { p: number | null }) {
  if (p === null) return <span class="muted">{kDash}</span>
  return (
    <span class="share">
      <span class="share-track" aria-hidden="true">
        <span class="share-bar" style={{ width: `${Math.round(p * 100)}%` }} />
      </span>
      <span class="share-number">{percent(p)}</span>
    </span>
  )
}

function Row({ row, chosen, onChoose, onOpen }: Props) {
  const age = ageYears(row.patient.birth_date, row.date)
  const open = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    onOpen(row.id)
  }
  return (
    <tr class={chosen ? 'chosen' : ''} aria-current={chosen ? 'true' : undefined} onClick={() => onChoose(row.id)} onDblClick={() => onOpen(row.id)} data-id={row.id} data-testid="row">
      <th scope="row">
        <a href={`#/study/${row.id}`} tabIndex={chosen ? 0 : -1} onClick={open} onFocus={() => onChoose(row.id)}>
          {personName(row.patient.name)}
        </a>
      </th>
      <td class="mid-only">{row.patient.id}</td>
      <td>
        {row.patient.sex} {age === null ? '' : `${age} y`}
      </td>
      <td class="number mid-only">{dicomDate(row.date)}</td>
      <td class="wide-only text">{row.description}</td>
      <td class="wide-only">{row.accession_number}</td>
      <td>
        <StateMark state={row.state} running_s={row.running_s} reason={row.reason} />
      </td>
      <td title={probabilityWords(row.class_probabilities)}>{answerWords(row)}</td>
      <td class="number">{row.verdict === 'refused' || row.probability === null ? <span class="muted">{kDash}</span> : percent(row.probability)}</td>
      <td class="number">
        <Share p={malignantShare(row)} />
      </td>
      <td class="number wide-only">{row.state === 'done' ? row.lesions : ''}</td>
      <td class="number">{row.flags > 0 && <span class="flag-count" title={`${row.flags} quality flags`}>⚑ {row.flags}</span>}</td>
      <td class="text review">{row.state === 'done' || row.review ? <ReviewMark review={row.review} /> : ''}</td>
      <td class="number wide-only" title={dateTime(row.arrived)}>
        {shortDateTime(row.arrived)}
      </td>
    </tr>
  )
}

export const StudyRowView = memo(Row)
