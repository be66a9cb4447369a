import { classTitle } from '../base/class_words.ts'
import { fixed, kDash } from '../base/format.ts'
import { runTitle } from './filter.ts'
import { To } from './to.tsx'
import type { Results, Saying } from './types.ts'

/** "✓ Warthin tumour 0.91" */
export function Said({ saying, cls }: { saying: Saying | null; cls: number }) {
  if (!saying) return <span class="muted">{kDash}</span>
  return (
    <span class={saying.right === false ? 'wrong' : ''}>
      {saying.right !== null && (
        <span aria-label={saying.right ? 'right:' : 'wrong:'} role="img">
          {saying.right ? '✓' : '✗'}
        </span>
      )}{' '}
      {classTitle(saying.said)} <span class="muted number">{saying.p ? fixed(saying.p[cls], 2) : ''}</span>
    </span>
  )
}

export function PatientList({ results, runs, cls, patients, testid }: { results: Results; runs: number[]; cls: number; patients: number[]; testid?: string }) {
  const diagnoses = results.labels_are === 'diagnoses'
  return (
    <div class="table-box fit tall" tabIndex={0} role="region" aria-label="Patients, as a table">
      <table data-testid={testid}>
        <thead>
          <tr>
            <th>Patient</th>
            {diagnoses && <th>Truth</th>}
            <th class="number">Fold</th>
            {runs.map((r) => (
              <th>
                {runTitle(results.runs[r], results.runs)}
                {diagnoses ? `, p(${results.classes[cls].replaceAll('_', ' ')})` : ', Dice'}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {patients.map((n) => {
            const patient = results.patients[n]
            return (
              <tr key={patient.id}>
                <th scope="row">
                  <To change={{ page: 'patient', patient: patient.id }}>{patient.id}</To>
                </th>
                {diagnoses && <td>{classTitle(patient.truth)}</td>}
                <td class="number">{patient.runs[runs[0]]?.fold ?? kDash}</td>
                {runs.map((r) => (
                  <td>{diagnoses ? <Said saying={patient.runs[r]} cls={cls} /> : fixed(patient.runs[r]?.dice, 2)}</td>
                ))}
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
