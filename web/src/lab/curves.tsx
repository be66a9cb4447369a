// Learning curves, small multiples: one chart for each contrast set, a line for each network. They grow while networks are trained.

import { useState } from 'preact/hooks'
import { fixed } from '../base/format.ts'
import { useStore } from '../base/store.ts'
import { curves, note, place } from './live.ts'
import { Plot, type Scales } from './plot.tsx'
import { axisFor, nearest } from './scale.ts'
import type { Curve } from './types.ts'

type Measure = 'loss' | 'soft_dice'

const groupOf = (curve: Curve, all: Curve[]): string =>
  [
    curve.set,
    all.some((one) => one.variant !== curve.variant) ? curve.variant : '',
    all.some((one) => one.repeat !== curve.repeat) ? `repeat ${curve.repeat}` : '',
    all.some((one) => one.seed !== curve.seed) ? `seed ${curve.seed}` : '',
  ]
    .filter(Boolean)
    .join(', ')

function groupsOf(all: Curve[]): [string, Curve[]][] {
  const groups = new Map<string, Curve[]>()
  for (const curve of all) groups.set(groupOf(curve, all), [...(groups.get(groupOf(curve, all)) ?? []), curve])
  return [...groups]
}

const networkName = (curve: Curve): string => `without ${curve.folds.length === 1 ? 'fold' : 'folds'} ${curve.folds.join(', ')}`

function path(curve: Curve, measure: Measure, scales: Scales): string {
  const points = curve.iteration.map((x, n) => [x, curve[measure][n]] as const).filter((point): point is readonly [number, number] => point[1] !== null)
  return points.map(([x, y], n) => `${n ? 'L' : 'M'}${scales.x(x).toFixed(1)} ${scales.y(y).toFixed(1)}`).join('')
}

const valueAt = (curve: Curve, measure: Measure, iteration: number): number | null => {
  const n = nearest(curve.iteration, iteration)
  return n < 0 || iteration > (curve.iteration.at(-1) ?? 0) ? null : curve[measure][n]
}

function reading(group: Curve[], measure: Measure, at: number): string {
  const values = group.map((curve) => valueAt(curve, measure, at)).filter((value): value is number => value !== null)
  if (!values.length) return `iteration ${at}`
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return `iteration ${at}: mean ${fixed(mean, 3)}, ${fixed(Math.min(...values), 3)} to ${fixed(Math.max(...values), 3)} (${values.length})`
}

function Panel({ title, group, measure, longest }: { title: string; group: Curve[]; measure: Measure; longest: number }) {
  const [at, setAt] = useState<number | null>(null)
  const steps = group.reduce((best, curve) => (curve.iteration.length > best.length ? curve.iteration : best), [] as number[])
  const x = { low: 0, high: Math.max(1, longest), title: 'iteration' }
  const y = measure === 'soft_dice' ? { low: 0, high: 1, title: 'soft Dice' } : axisFor(group.flatMap((curve) => curve.loss), 'loss')
  const press = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (!step || !steps.length) return
    event.preventDefault()
    setAt(steps[Math.max(0, Math.min(steps.length - 1, (at === null ? -1 : nearest(steps, at)) + step))])
  }
  const hover = (event: PointerEvent, scales: Scales): void => {
    const box = (event.currentTarget as SVGElement).ownerSVGElement?.getBoundingClientRect()
    if (!box || !steps.length) return
    setAt(steps[nearest(steps, ((event.clientX - box.left - scales.left) / (scales.right - scales.left)) * x.high)])
  }
  const last = group.reduce((most, curve) => Math.max(most, curve.iteration.at(-1) ?? 0), 0)
  return (
    <figure class="panel" data-testid="curve" data-points={group.reduce((sum, curve) => sum + curve.iteration.length, 0)}>
      <figcaption>
        {title} <span class="muted">· {group.length === 1 ? '1 network' : `${group.length} networks`}</span>
      </figcaption>
      <Plot width={300} height={170} x={x} y={y} label={`${title}: ${y.title} by iteration, ${group.length} networks, at iteration ${last}`}>
        {(scales) => (
          <>
            <g class={measure === 'loss' ? 's0' : 's2'}>
              {group.map((curve) => (
                <path class="thin" d={path(curve, measure, scales)} />
              ))}
            </g>
            {at !== null && <line class="cursor" x1={scales.x(at)} x2={scales.x(at)} y1={scales.top} y2={scales.bottom} />}
            <rect
              class="catch"
              x={scales.left}
              y={scales.top}
              width={scales.right - scales.left}
              height={scales.bottom - scales.top}
              role="slider"
              tabIndex={0}
              aria-label={`Iteration, ${title}`}
              aria-valuemin={0}
              aria-valuemax={last}
              aria-valuenow={at ?? 0}
              aria-valuetext={reading(group, measure, at ?? 0)}
              onKeyDown={press}
              onPointerMove={(event) => hover(event, scales)}
              onPointerLeave={() => setAt(null)}
            />
          </>
        )}
      </Plot>
      <p class="reading" data-testid="reading">
        {reading(group, measure, at ?? last)}
      </p>
    </figure>
  )
}

function CurvesTable({ groups }: { groups: [string, Curve[]][] }) {
  return (
    <details class="as-table">
      <summary>As a table</summary>
      <div class="table-box fit">
        <table>
          <thead>
            <tr>
              <th>Contrast set</th>
              <th>Network</th>
              <th class="number">Iteration</th>
              <th class="number">Loss</th>
              <th class="number">Soft Dice</th>
            </tr>
          </thead>
          <tbody>
            {groups.flatMap(([title, group]) =>
              group.map((curve) => (
                <tr>
                  <th scope="row">{title}</th>
                  <td>{networkName(curve)}</td>
                  <td class="number">{curve.iteration.at(-1) ?? ''}</td>
                  <td class="number">{fixed(curve.loss.at(-1), 3)}</td>
                  <td class="number">{fixed(curve.soft_dice.at(-1), 3)}</td>
                </tr>
              )),
            )}
          </tbody>
        </table>
      </div>
    </details>
  )
}

export function Curves() {
  const all = useStore(curves)
  const { curve: measure } = useStore(place)
  const groups = groupsOf(all)
  const longest = all.reduce((most, curve) => Math.max(most, curve.iteration.at(-1) ?? 0), 0)
  return (
    <section aria-labelledby="curves">
      <h2 id="curves">Learning curves</h2>
      {all.filter((curve) => curve.problem).map((curve) => <p class="problem">{curve.problem}</p>)}
      {all.length === 0 ? (
        <p class="muted">No network has begun to learn.</p>
      ) : (
        <>
          <p class="choices" role="group" aria-label="What the curves show">
            <button type="button" aria-pressed={measure === 'loss'} onClick={() => note({ curve: 'loss' })}>
              Loss
            </button>
            <button type="button" aria-pressed={measure === 'soft_dice'} onClick={() => note({ curve: 'soft_dice' })}>
              Soft Dice
            </button>
            <span class="muted">of training batches; nothing of a held-out fold is looked at while a network is trained</span>
          </p>
          <div class="panels">
            {groups.map(([title, group]) => (
              <Panel key={title} title={title} group={group} measure={measure} longest={longest} />
            ))}
          </div>
          <CurvesTable groups={groups} />
        </>
      )}
    </section>
  )
}
