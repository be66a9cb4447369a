// One set's probability against another's, patient by patient: where they disagree. The first two of the chosen sets.

import { useState } from 'preact/hooks'
import { classTitle } from '../base/class_words.ts'
import { fixed } from '../base/format.ts'
import { named, type ChartProps } from './chart.ts'
import { runTitle } from './filter.ts'
import { Marks, Plot, type Mark, type Scales } from './plot.tsx'
import type { Saying } from './types.ts'

const kShare = { low: 0, high: 1 }

/** A patient in whom no tumour was found has the score 0, as in the ROC curves. */
const score = (saying: Saying | null, cls: number): number | null => (!saying ? null : saying.p ? saying.p[cls] : saying.said === 'no tumour found' ? 0 : null)

function marksOf({ results, runs, patients, cls, choose }: ChartProps, scales: Scales): Mark[] {
  const [first, second] = runs
  // Patients of one class at one place share a point, so that none hides another.
  const points = new Map<string, { x: number; y: number; truth: number; who: number[] }>()
  for (const n of patients) {
    const patient = results.patients[n]
    const x = score(patient.runs[first], cls)
    const y = score(patient.runs[second], cls)
    const truth = results.classes.indexOf(patient.truth)
    if (x === null || y === null || truth < 0) continue
    const key = `${truth} ${fixed(x, 2)} ${fixed(y, 2)}`
    const point = points.get(key) ?? { x, y, truth, who: [] }
    point.who.push(n)
    points.set(key, point)
  }
  return [...points].map(([key, { x, y, truth, who }]): Mark => {
    const what = `${runTitle(results.runs[first], results.runs)} ${fixed(x, 2)}, ${runTitle(results.runs[second], results.runs)} ${fixed(y, 2)}`
    const label = `${named(results, who)} (${classTitle(results.classes[truth])}): ${what}`
    // Classes at one place are rings around each other.
    const radius = 4.5 + 2.5 * truth + (who.length > 1 ? 1.5 : 0)
    return { key, x: scales.x(x), y: scales.y(y), radius, series: truth + 3, hollow: truth !== cls, label, act: () => choose(who, what) }
  }).sort((a, b) => b.radius - a.radius)
}

export function Scatter(props: ChartProps) {
  const { results, runs, cls } = props
  const [read, setRead] = useState('')
  const name = (r: number): string => runTitle(results.runs[r], results.runs)
  return (
    <figure class="panel" data-testid="scatter">
      <figcaption>
        Probability of {classTitle(results.classes[cls])}: {name(runs[0])} and {name(runs[1])}
      </figcaption>
      <Plot width={420} height={360} x={{ ...kShare, title: name(runs[0]) }} y={{ ...kShare, title: name(runs[1]) }} label={`Probability of ${results.classes[cls]}, ${name(runs[1])} against ${name(runs[0])}`}>
        {(scales) => (
          <>
            <line class="chance" x1={scales.left} y1={scales.bottom} x2={scales.right} y2={scales.top} />
            <Marks marks={marksOf(props, scales)} onRead={setRead} />
          </>
        )}
      </Plot>
      <p class="reading" aria-live="polite">
        {read || 'A point is a patient with a tumour, or several at one place; filled: of this class. Off the diagonal the two sets disagree.'}
      </p>
      <ul class="key">
        {results.classes.map((title, n) => (
          <li>
            <svg class={`s${(n + 3) % 8}`} width="12" height="12" aria-hidden="true">
              <circle class={n === cls ? 'mark' : 'mark hollow'} cx="6" cy="6" r="4.5" />
            </svg>{' '}
            {classTitle(title)}
          </li>
        ))}
      </ul>
    </figure>
  )
}
