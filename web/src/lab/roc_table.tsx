// The ROC curves in numbers: what the report says at its three specificities, and every step with its patients.

import { fixed } from '../base/format.ts'
import type { ChartProps } from './chart.ts'
import { Count } from './count.tsx'
import { runTitle } from './filter.ts'

function FixedSpecificities({ results, runs, cls }: ChartProps) {
  return (
    <div class="table-box fit">
      <table data-testid="roc-fixed">
        <thead>
          <tr>
            <th>Contrast set</th>
            <th class="number">Least specificity</th>
            <th class="number">Reached</th>
            <th class="number">Threshold</th>
            <th class="number">Sensitivity, 95 % interval</th>
          </tr>
        </thead>
        <tbody>
          {runs.flatMap((r) =>
            results.roc[r][cls].at_specificity.map((at) => (
              <tr>
                <th scope="row">{runTitle(results.runs[r], results.runs)}</th>
                <td class="number">{fixed(at.specificity, 2)}</td>
                <td class="number">{fixed(at.reached, 2)}</td>
                <td class="number">{fixed(at.threshold, 3)}</td>
                <td class="number">{at.sensitivity.text}</td>
              </tr>
            )),
          )}
        </tbody>
      </table>
    </div>
  )
}

function Steps({ results, runs, cls, choose }: ChartProps) {
  return (
    <div class="table-box fit tall" tabIndex={0} role="region" aria-label="Steps of the curves, as a table">
      <table data-testid="roc-steps">
        <thead>
          <tr>
            <th>Contrast set</th>
            <th class="number">Threshold</th>
            <th class="number">Sensitivity</th>
            <th class="number">Specificity</th>
            <th class="number">Patients from here on</th>
          </tr>
        </thead>
        <tbody>
          {runs.flatMap((r) => {
            const { x, y, threshold, patients } = results.roc[r][cls]
            const title = runTitle(results.runs[r], results.runs)
            return x.map((at, n) => (
              <tr>
                <th scope="row">{title}</th>
                <td class="number">{fixed(threshold[n], 3)}</td>
                <td class="number">{fixed(y[n], 2)}</td>
                <td class="number">{fixed(1 - at, 2)}</td>
                <td class="number">
                  {patients[n].length > 0 && <Count n={patients[n].length} show={() => choose(patients[n], `${title}, threshold ${fixed(threshold[n], 3)}`)} />}
                </td>
              </tr>
            ))
          })}
        </tbody>
      </table>
    </div>
  )
}

export function RocTable(props: ChartProps) {
  return (
    <details class="as-table">
      <summary>As a table</summary>
      <FixedSpecificities {...props} />
      <Steps {...props} />
    </details>
  )
}
