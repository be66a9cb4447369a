// The frame of a chart, and points on it that are patients: the mouse names them, a click opens them, and so do arrows and Enter.

import type { ComponentChildren } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { tickText, ticksOf, type Axis } from './scale.ts'

export interface Scales {
  x: (value: number) => number
  y: (value: number) => number
  left: number
  right: number
  top: number
  bottom: number
}

interface PlotProps {
  width: number
  height: number
  x: Axis
  y: Axis
  label: string
  testid?: string
  children: (scales: Scales) => ComponentChildren
}

const kMargin = { left: 42, right: 10, top: 8, bottom: 34 }

export function scalesOf(width: number, height: number, x: Axis, y: Axis): Scales {
  const [left, right, top, bottom] = [kMargin.left, width - kMargin.right, kMargin.top, height - kMargin.bottom]
  return {
    x: (value) => left + ((value - x.low) / (x.high - x.low)) * (right - left),
    y: (value) => bottom - ((value - y.low) / (y.high - y.low)) * (bottom - top),
    left,
    right,
    top,
    bottom,
  }
}

export function Plot({ width, height, x, y, label, testid, children }: PlotProps) {
  const scales = scalesOf(width, height, x, y)
  const { left, right, top, bottom } = scales
  return (
    <svg class="plot" width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="group" aria-label={label} data-testid={testid}>
      <g class="grid" aria-hidden="true">
        {ticksOf(x.low, x.high, width < 260 ? 4 : 6).map((tick) => (
          <>
            <line x1={scales.x(tick)} x2={scales.x(tick)} y1={top} y2={bottom} />
            <text x={scales.x(tick)} y={bottom + 13} text-anchor="middle">
              {tickText(tick)}
            </text>
          </>
        ))}
        {ticksOf(y.low, y.high, height < 180 ? 4 : 6).map((tick) => (
          <>
            <line x1={left} x2={right} y1={scales.y(tick)} y2={scales.y(tick)} />
            <text x={left - 5} y={scales.y(tick) + 4} text-anchor="end">
              {tickText(tick)}
            </text>
          </>
        ))}
        <text class="axis-title" x={(left + right) / 2} y={height - 4} text-anchor="middle">
          {x.title}
        </text>
        <text class="axis-title" transform={`translate(10 ${(top + bottom) / 2}) rotate(-90)`} text-anchor="middle">
          {y.title}
        </text>
      </g>
      {children(scales)}
    </svg>
  )
}

export interface Mark {
  key: string
  x: number
  y: number
  radius: number
  /** Number of the colour. */
  series: number
  hollow?: boolean
  label: string
  act: () => void
}

/** One stop of the Tab key for all of them; arrows go from point to point, Enter opens. `onRead`: what is under the mouse or in focus. */
export function Marks({ marks, onRead }: { marks: Mark[]; onRead: (label: string) => void }) {
  const group = useRef<SVGGElement>(null)
  const [at, setAt] = useState(0)
  const current = Math.min(at, marks.length - 1)
  const move = (to: number): void => {
    const next = Math.max(0, Math.min(marks.length - 1, to))
    setAt(next)
    group.current?.querySelectorAll<SVGElement>('.mark')[next]?.focus()
  }
  const press = (event: KeyboardEvent, mark: Mark): void => {
    const steps: Record<string, number> = { ArrowRight: current + 1, ArrowDown: current + 1, ArrowLeft: current - 1, ArrowUp: current - 1, Home: 0, End: marks.length - 1 }
    if (event.key in steps) move(steps[event.key])
    else if (event.key === 'Enter' || event.key === ' ') mark.act()
    else return
    event.preventDefault()
  }
  return (
    <g ref={group}>
      {marks.map((mark, n) => (
        <circle
          key={mark.key}
          class={`mark s${mark.series % 8}${mark.hollow ? ' hollow' : ''}`}
          cx={mark.x}
          cy={mark.y}
          r={mark.radius}
          role="button"
          tabIndex={n === current ? 0 : -1}
          aria-label={mark.label}
          onClick={mark.act}
          onKeyDown={(event) => press(event, mark)}
          onFocus={() => (setAt(n), onRead(mark.label))}
          onPointerEnter={() => onRead(mark.label)}
        />
      ))}
    </g>
  )
}

export function Swatch({ series, dashed = false }: { series: number; dashed?: boolean }) {
  return (
    <svg class={`series s${series % 8}`} width="22" height="8" aria-hidden="true">
      <line x1="0" y1="4" x2="22" y2="4" stroke-dasharray={dashed ? '5 4' : undefined} />
    </svg>
  )
}
