// One set's probability against another's, patient by patient: where they disagree. The first two of the chosen sets.

import { useState } from 'preact/hooks'
import { classTitle } from '../base/class_words.ts'
import { fixed } from '../base/format.ts'
import { named, type ChartProps } from './chart.ts'
import { runTitle } from './filter.ts'
import { Marks, Plot, type Mark, type Scales } from './plot.tsx'
import { To } from './to.tsx'
import type { Saying } from './types.ts'

const kShare = { low: 0, high: 1 }

/** A patient in whom no tumour was found has the score 0, as in the ROC curves. */
const score = (saying: Saying | null, cls: number): number | null => (!saying ? null : saying.p ? saying.p[cls] : saying.said === 'no tumour found' ? 0 : null)

interface Pair {
  patient: number
  /** A class. */
  truth: number
  x: number
  y: number
}

/** Of those with a tumour whom both sets have tested. */
function pairsOf({ results, runs, patients, cls }: ChartProps): Pair[] {
  return [...patients].flatMap((patient): Pair[] => {
    const one = results.patients[patient]
    const [x, y] = runs.slice(0, 2).map((run) => score(one.runs[run], cls))
    const truth = results.classes.indexOf(one.truth)
    return x === null || y === null || truth < 0 ? [] : [{ patient, truth, x, y }]
  })
}

function marksOf(props: ChartProps, scales: Scales): Mark[] {
  const { results, runs, cls, choose } = props
  const [first, second] = runs
  // Patients of one class at one place share a point, so that none hides another.
  const points = new Map<string, { x: number; y: number; truth: number; who: number[] }>()
  for (const { patient, truth, x, y } of pairsOf(props)) {
    const key = `${truth} ${fixed(x, 2)} ${fixed(y, 2)}`
    const point = points.get(key) ?? { x, y, truth, who: [] }
    point.who.push(patient)
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

/** Those on whom the sets disagree most come first. */
function PairsTable(props: ChartProps) {
  const { results, runs } = props
  const pairs = pairsOf(props).sort((a, b) => Math.abs(b.x - b.y) - Math.abs(a.x - a.y))
  return (
    <details class="as-table">
      <summary>As a table</summary>
      <div class="table-box fit tall" tabIndex={0} role="region" aria-label="Probabilities of two sets, as a table">
        <table data-testid="scatter-table">
          <thead>
            <tr>
              <th>Patient</th>
              <th>Truth</th>
              {runs.slice(0, 2).map((r) => (
                <th class="number">{runTitle(results.runs[r], results.runs)}</th>
              ))}
              <th class="number">Difference</th>
            </tr>
          </thead>
          <tbody>
            {pairs.map(({ patient, truth, x, y }) => (
              <tr>
                <th scope="row">
                  <To change={{ page: 'patient', patient: results.patients[patient].id }}>{results.patients[patient].id}</To>
                </th>
                <td>{classTitle(results.classes[truth])}</td>
                <td class="number">{fixed(x, 2)}</td>
                <td class="number">{fixed(y, 2)}</td>
                <td class="number">{fixed(y - x, 2)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
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
      <PairsTable {...props} />
    </figure>
  )
}
