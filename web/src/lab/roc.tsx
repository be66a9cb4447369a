// ROC curves of the chosen sets. The report has no band around them; it has intervals of the sensitivity at three specificities,
// which are drawn.

import { useState } from 'preact/hooks'
import { classTitle } from '../base/class_words.ts'
import { fixed } from '../base/format.ts'
import { named, type ChartProps } from './chart.ts'
import { runTitle } from './filter.ts'
import { Marks, Plot, Swatch, type Mark, type Scales } from './plot.tsx'
import { RocTable } from './roc_table.tsx'
import type { Roc } from './types.ts'

const kShare = { low: 0, high: 1 }

function marksOf({ results, runs, patients, cls, choose }: ChartProps, scales: Scales): Mark[] {
  return runs.flatMap((r) => {
    const roc = results.roc[r][cls]
    const title = runTitle(results.runs[r], results.runs)
    return roc.x.flatMap((x, n): Mark[] => {
      const here = roc.patients[n].filter((patient) => patients.has(patient))
      if (!here.length) return []
      const what = `${title}, threshold ${fixed(roc.threshold[n], 3)}, sensitivity ${fixed(roc.y[n], 2)}, specificity ${fixed(1 - x, 2)}`
      const truth = here.length === 1 ? ` (${classTitle(results.patients[here[0]].truth)})` : ''
      return [{ key: `${r} ${n}`, x: scales.x(x), y: scales.y(roc.y[n]), radius: here.length > 1 ? 5 : 3.5, series: r, label: `${named(results, here)}${truth}: ${what}`, act: () => choose(here, what) }]
    })
  })
}

function Intervals({ roc, series, shift, scales }: { roc: Roc; series: number; shift: number; scales: Scales }) {
  return (
    <g class={`s${series % 8} bar`} aria-hidden="true">
      {roc.at_specificity.map(({ specificity, sensitivity }) => {
        if (sensitivity.low === null || sensitivity.high === null) return null
        const x = scales.x(1 - specificity) + shift
        return <line x1={x} x2={x} y1={scales.y(sensitivity.low)} y2={scales.y(sensitivity.high)} />
      })}
    </g>
  )
}

export function RocChart(props: ChartProps) {
  const { results, runs, cls } = props
  const [read, setRead] = useState('')
  return (
    <figure class="panel" data-testid="roc">
      <figcaption>ROC, {classTitle(results.classes[cls])}</figcaption>
      <Plot width={420} height={360} x={{ ...kShare, title: '1 − specificity' }} y={{ ...kShare, title: 'sensitivity' }} label={`Receiver operating characteristic, ${results.classes[cls]}`}>
        {(scales) => (
          <>
            <line class="chance" x1={scales.left} y1={scales.bottom} x2={scales.right} y2={scales.top} />
            {runs.map((r, n) => (
              <Intervals roc={results.roc[r][cls]} series={r} shift={(n - (runs.length - 1) / 2) * 4} scales={scales} />
            ))}
            {runs.map((r) => {
              const { x, y, said } = results.roc[r][cls]
              return (
                <g class={`s${r % 8}`} aria-hidden="true">
                  <path class="line" d={x.map((at, n) => `${n ? 'L' : 'M'}${scales.x(at)} ${scales.y(y[n])}`).join('')} />
                  {said && said[0] !== null && said[1] !== null && <rect class="said" x={scales.x(said[0]) - 5} y={scales.y(said[1]) - 5} width="10" height="10" />}
                </g>
              )
            })}
            <Marks marks={marksOf(props, scales)} onRead={setRead} />
          </>
        )}
      </Plot>
      <p class="reading" aria-live="polite">
        {read || 'Each point is a patient: a step of the threshold that calls him positive. Square: what was said. Bars: 95 % intervals at specificities of 0.80, 0.85 and 0.90.'}
      </p>
      <ul class="key">
        {runs.map((r) => (
          <li>
            <Swatch series={r} /> {runTitle(results.runs[r], results.runs)}: area {results.roc[r][cls].area.text}
          </li>
        ))}
      </ul>
      <RocTable {...props} />
    </figure>
  )
}
