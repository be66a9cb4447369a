// The report's tables, sortable, with intervals drawn.

import { useStore } from '../base/store.ts'
import { runKey, runTitle, sortedRows } from './filter.ts'
import { go, note, place } from './live.ts'
import { Swatch } from './plot.tsx'
import type { Figure, Results, Table } from './types.ts'

const kWidth = 120

/** The estimate as a dot in its interval, on the column's own range. */
function IntervalMark({ figure, low, high }: { figure: Figure; low: number; high: number }) {
  if (figure.value === null || figure.low === null || figure.high === null || figure.low === figure.high) return null
  const x = (value: number): number => 3 + ((value - low) / (high - low || 1)) * (kWidth - 6)
  return (
    <svg class="interval" width={kWidth} height="10" aria-hidden="true">
      <line x1={x(figure.low)} x2={x(figure.high)} y1="5" y2="5" />
      <circle cx={x(figure.value)} cy="5" r="3" />
    </svg>
  )
}

/** The estimate stands out; its interval and counts follow. */
function FigureText({ text }: { text: string }) {
  const end = text.search(/\s/)
  return end < 0 ? (
    <strong>{text}</strong>
  ) : (
    <>
      <strong>{text.slice(0, end)}</strong>
      {text.slice(end)}
    </>
  )
}

function rangeOf(column: Figure[]): [number, number] {
  const ends = column.flatMap((figure) => [figure.low, figure.high]).filter((end): end is number => end !== null)
  const inside = ends.every((end) => end >= 0 && end <= 1)
  return inside ? [0, 1] : [Math.min(...ends), Math.max(...ends)]
}

function Head({ table }: { table: Table }) {
  const { sort, falling } = useStore(place)
  const by = (column: number): void => (sort === column && !falling ? note({ sort: -1, falling: false }) : note({ sort: column, falling: sort !== column }))
  return (
    <thead>
      <tr>
        <th>Contrast set</th>
        {table.columns.map((title, n) => (
          <th class="number" aria-sort={sort === n ? (falling ? 'descending' : 'ascending') : undefined}>
            <button type="button" class="quiet" onClick={() => by(n)}>
              {title}
              <span aria-hidden="true">{sort === n ? (falling ? ' ↓' : ' ↑') : ''}</span>
            </button>
          </th>
        ))}
      </tr>
    </thead>
  )
}

function Pairs({ results }: { results: Results }) {
  const { rows, measure, problem } = results.pairs
  if (problem) return <p class="problem">{problem}</p>
  if (!rows.length) return null
  return (
    <details class="as-table">
      <summary>Every two sets on the same patients: {measure}</summary>
      <div class="table-box fit">
        <table data-testid="pairs">
          <thead>
            <tr>
              <th>Difference</th>
              <th class="number">Estimate, 95 % interval</th>
              <th class="number">p</th>
              <th class="number">p, Holm</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr>
                <th scope="row">{row.name}</th>
                <td class="number">{row.difference.text}</td>
                <td class="number">{row.p}</td>
                <td class="number">{row.p_holm}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}

export function FiguresTable({ results }: { results: Results }) {
  const { table: wanted, sort, falling } = useStore(place)
  const table = results.tables[wanted] ?? results.tables[0]
  if (!table) return null
  const order = sort >= 0 && sort < table.columns.length ? sortedRows(table.rows.map((row) => row[sort].value), falling) : results.runs.map((_, n) => n)
  const ranges = table.columns.map((_, column) => rangeOf(table.rows.map((row) => row[column])))
  return (
    <>
      <p class="choices">
        <label>
          Table{' '}
          <select value={String(results.tables.indexOf(table))} onChange={(e) => note({ table: Number(e.currentTarget.value), sort: -1, falling: false })} data-testid="which-table">
            {results.tables.map((one, n) => (
              <option value={String(n)}>{one.title}</option>
            ))}
          </select>
        </label>
      </p>
      <div class="table-box fit" tabIndex={0} role="region" aria-label={table.title}>
        <table data-testid="figures">
          <Head table={table} />
          <tbody>
            {order.map((r) => (
              <tr>
                <th scope="row">
                  <button type="button" class="quiet" onClick={() => go({ page: 'compare', runs: [runKey(results.runs[r])] })} title={`Channels: ${results.runs[r].channels.join(', ')}`}>
                    <span class="run-name">
                      <Swatch series={r} /> {runTitle(results.runs[r], results.runs)}
                    </span>
                  </button>
                </th>
                {table.rows[r].map((figure, column) => (
                  <td class="number">
                    <FigureText text={figure.text} />
                    <IntervalMark figure={figure} low={ranges[column][0]} high={ranges[column][1]} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="muted">Figures and intervals are the report's (parotis report --study); its notes say how each is made.</p>
      <Pairs results={results} />
    </>
  )
}
