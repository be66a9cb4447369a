// Whether stated probabilities come true: the likeliest class of each patient, in ten bins.

import { useState } from 'preact/hooks'
import { fixed } from '../base/format.ts'
import { named, type ChartProps } from './chart.ts'
import { Count } from './count.tsx'
import { runTitle } from './filter.ts'
import { Marks, Plot, type Mark, type Scales } from './plot.tsx'

const kShare = { low: 0, high: 1 }

function marksOf({ results, runs, patients, choose }: ChartProps, scales: Scales): Mark[] {
  return runs.flatMap((r) => {
    const { bins, n } = results.calibration[r]
    const title = runTitle(results.runs[r], results.runs)
    return bins.flatMap((bin): Mark[] => {
      const here = bin.patients.filter((patient) => patients.has(patient))
      if (bin.predicted === null || bin.observed === null || !here.length) return []
      const what = `${title}, predicted ${fixed(bin.predicted, 2)}, observed ${fixed(bin.observed, 2)}, n ${bin.n}`
      return [
        { key: `${r} ${bin.low}`, x: scales.x(bin.predicted), y: scales.y(bin.observed), radius: 3.5 + 7 * Math.sqrt(bin.n / n), series: r, hollow: true, label: `${named(results, here)}: ${what}`, act: () => choose(here, what) },
      ]
    })
  })
}

function BinsTable({ results, runs, choose }: ChartProps) {
  return (
    <details class="as-table">
      <summary>As a table</summary>
      <div class="table-box fit">
        <table data-testid="bins">
          <thead>
            <tr>
              <th>Contrast set</th>
              <th>Bin</th>
              <th class="number">Predicted</th>
              <th class="number">Observed, 95 % interval</th>
              <th class="number">n</th>
            </tr>
          </thead>
          <tbody>
            {runs.flatMap((r) =>
              results.calibration[r].bins
                .filter((bin) => bin.n > 0)
                .map((bin) => (
                  <tr>
                    <th scope="row">{runTitle(results.runs[r], results.runs)}</th>
                    <td class="number">
                      {fixed(bin.low, 1)} to {fixed(bin.high, 1)}
                    </td>
                    <td class="number">{fixed(bin.predicted, 2)}</td>
                    <td class="number">
                      {fixed(bin.observed, 2)} ({fixed(bin.interval[0], 2)} to {fixed(bin.interval[1], 2)})
                    </td>
                    <td class="number">
                      <Count n={bin.n} show={() => choose(bin.patients, `predicted ${fixed(bin.low, 1)} to ${fixed(bin.high, 1)}`)} />
                    </td>
                  </tr>
                )),
            )}
          </tbody>
        </table>
      </div>
    </details>
  )
}

export function Calibration(props: ChartProps) {
  const { results, runs } = props
  const [read, setRead] = useState('')
  return (
    <figure class="panel" data-testid="calibration">
      <figcaption>Calibration, likeliest class</figcaption>
      <Plot width={420} height={360} x={{ ...kShare, title: 'stated probability of the likeliest class' }} y={{ ...kShare, title: 'share that was right' }} label="Calibration of the likeliest class's probability">
        {(scales) => (
          <>
            <line class="chance" x1={scales.left} y1={scales.bottom} x2={scales.right} y2={scales.top} />
            {runs.map((r) => (
              <g class={`s${r % 8} bar`} aria-hidden="true">
                {results.calibration[r].bins.map(
                  (bin) =>
                    bin.predicted !== null &&
                    bin.interval[0] !== null &&
                    bin.interval[1] !== null && <line x1={scales.x(bin.predicted)} x2={scales.x(bin.predicted)} y1={scales.y(bin.interval[0])} y2={scales.y(bin.interval[1])} />,
                )}
              </g>
            ))}
            <Marks marks={marksOf(props, scales)} onRead={setRead} />
          </>
        )}
      </Plot>
      <p class="reading" aria-live="polite">
        {read || 'A circle is a bin of patients, larger with more; bars: 95 % intervals. On the diagonal probabilities mean what they say.'}
      </p>
      <BinsTable {...props} />
    </figure>
  )
}
