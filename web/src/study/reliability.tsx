// How often a class was right where the model gave it a probability: points on the diagonal are honest probabilities.

import type { Model } from '../api/types.ts'
import { classTitle } from '../base/class_words.ts'
import { percent } from '../base/format.ts'

const kSize = 150
const kMargin = 26

function Plot({ name, points }: { name: string; points: { predicted: number; observed: number; n: number }[] }) {
  const x = (p: number): number => kMargin + p * kSize
  const y = (p: number): number => 6 + (1 - p) * kSize
  const most = Math.max(1, ...points.map((p) => p.n))
  const words = points.map((p) => `said ${percent(p.predicted)}, was so in ${percent(p.observed)} of ${p.n}`).join('; ')
  return (
    <figure class="plot">
      <svg viewBox={`0 0 ${kMargin + kSize + 12} ${kSize + 34}`} role="img" aria-label={`Calibration of ${classTitle(name)}: ${words}`}>
        <rect x={kMargin} y={6} width={kSize} height={kSize} class="plot-box" />
        <line x1={x(0)} y1={y(0)} x2={x(1)} y2={y(1)} class="plot-diagonal" />
        {[0, 0.5, 1].map((tick) => (
          <>
            <text x={x(tick)} y={kSize + 18} text-anchor="middle">
              {tick * 100}
            </text>
            <text x={kMargin - 4} y={y(tick) + 4} text-anchor="end">
              {tick * 100}
            </text>
          </>
        ))}
        <text x={x(0.5)} y={kSize + 31} text-anchor="middle">
          predicted %
        </text>
        <polyline points={points.map((p) => `${x(p.predicted)},${y(p.observed)}`).join(' ')} class="plot-line" />
        {points.map((p) => (
          <circle cx={x(p.predicted)} cy={y(p.observed)} r={2 + 3 * Math.sqrt(p.n / most)} class="plot-point" />
        ))}
      </svg>
      <figcaption>{classTitle(name)}</figcaption>
    </figure>
  )
}

export function Reliability({ calibration }: { calibration: NonNullable<Model['calibration']> }) {
  const patients = `${calibration.patients} patients` + (calibration.dataset ? ` of ${calibration.dataset}` : '')
  return (
    <div>
      <div class="plots" data-testid="reliability">
        {Object.entries(calibration.classes).map(([name, points]) => (
          <Plot name={name} points={points} />
        ))}
      </div>
      <p class="muted">
        Up: observed %. Larger points: more patients.{' '}
        {calibration.held_out ? `Of ${patients} on whom nothing was fitted.` : `Of the ${patients} that the rule was fitted on, whom the network had not met.`}
      </p>
    </div>
  )
}
