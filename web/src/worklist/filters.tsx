import { useEffect, useRef, useState } from 'preact/hooks'
import type { RefObject } from 'preact'
import type { StudyState } from '../api/types.ts'
import { classTitle, kVerdictWords } from '../base/class_words.ts'
import { isFiltered, kNoFilter, kReviews, kStates, type Query } from './query.ts'
import { kReviewWords, kStateWords } from './words.tsx'

interface Props {
  query: Query
  classes: string[]
  counts: Record<StudyState, number> | undefined
  searchBox: RefObject<HTMLInputElement | null>
  onChange: (change: Partial<Query>) => void
}

interface ChoiceProps {
  label: string
  all: string[]
  chosen: string[]
  word: (value: string) => string
  onChange: (chosen: string[]) => void
}

/** Several of a list, in a box that opens. */
function Choice({ label, all, chosen, word, onChange }: ChoiceProps) {
  const box = useRef<HTMLDetailsElement>(null)
  useEffect(() => {
    const away = (event: Event): void => {
      if (box.current && event.target instanceof Node && !box.current.contains(event.target)) box.current.open = false
    }
    addEventListener('pointerdown', away)
    addEventListener('focusin', away)
    return () => {
      removeEventListener('pointerdown', away)
      removeEventListener('focusin', away)
    }
  }, [])
  const toggle = (value: string): void => onChange(all.filter((v) => (v === value ? !chosen.includes(v) : chosen.includes(v))))
  const close = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !box.current?.open) return
    event.preventDefault()
    box.current.open = false
    box.current.querySelector('summary')?.focus()
  }
  return (
    <details class="choice" ref={box} onKeyDown={close}>
      <summary class={chosen.length ? 'on' : ''}>
        {label}
        {chosen.length ? `: ${chosen.map(word).join(', ')}` : ''}
      </summary>
      <fieldset>
        <legend class="visually-hidden">{label}</legend>
        {all.map((value) => (
          <label>
            <input type="checkbox" checked={chosen.includes(value)} onChange={() => toggle(value)} />
            {word(value)}
          </label>
        ))}
      </fieldset>
    </details>
  )
}

function Percent({ label, value, onChange }: { label: string; value: number | null; onChange: (value: number | null) => void }) {
  const change = (event: Event): void => {
    const text = (event.currentTarget as HTMLInputElement).value
    onChange(text === '' ? null : Math.min(100, Math.max(0, Math.round(Number(text)))))
  }
  return <input type="number" min="0" max="100" step="5" class="percent" aria-label={label} placeholder={label.endsWith('least') ? '0' : '100'} value={value ?? ''} onChange={change} />
}

export function Filters({ query, classes, counts, searchBox, onChange }: Props) {
  const [typed, setTyped] = useState(query.search)
  const timer = useRef(0)
  useEffect(() => setTyped(query.search), [query.search])
  const type = (text: string): void => {
    setTyped(text)
    clearTimeout(timer.current)
    timer.current = window.setTimeout(() => onChange({ search: text.trim() }), 250)
  }
  const answers = [...classes, 'no_tumour_found', 'indeterminate', 'refused']
  const answerWord = (value: string): string => (classes.includes(value) ? classTitle(value) : kVerdictWords[value])
  const stateWord = (value: string): string => `${kStateWords[value as StudyState]}${counts ? ` (${counts[value as StudyState] ?? 0})` : ''}`
  return (
    <form class="filters" role="search" onSubmit={(e) => e.preventDefault()}>
      <input
        ref={searchBox}
        type="search"
        aria-label="Search name, ID, accession number, description"
        placeholder="Name, ID, accession, description   /"
        value={typed}
        onInput={(e) => type(e.currentTarget.value)}
        data-testid="search"
      />
      <Choice label="State" all={kStates} chosen={query.states} word={stateWord} onChange={(v) => onChange({ states: v as StudyState[] })} />
      <Choice label="Answer" all={answers} chosen={query.classes} word={answerWord} onChange={(classes) => onChange({ classes })} />
      <Choice label="Review" all={kReviews} chosen={query.reviews} word={(v) => kReviewWords[v]} onChange={(reviews) => onChange({ reviews })} />
      <span class="range" role="group" aria-label="Probability of the likeliest class in percent">
        Probability
        <Percent label="At least" value={query.probabilityMin} onChange={(probabilityMin) => onChange({ probabilityMin })} />–
        <Percent label="At most" value={query.probabilityMax} onChange={(probabilityMax) => onChange({ probabilityMax })} />%
      </span>
      {isFiltered(query) && (
        <button type="button" class="quiet" onClick={() => onChange({ ...kNoFilter, sort: query.sort, descending: query.descending, limit: query.limit })} data-testid="clear-filters">
          Clear filters
        </button>
      )}
    </form>
  )
}
