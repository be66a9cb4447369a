// How far the study is, how its networks learn, and what came out so far.

import { useStore } from '../base/store.ts'
import { Curves } from './curves.tsx'
import { FiguresTable } from './figures_table.tsx'
import { overview, results } from './live.ts'
import { blockedBy, kStates } from './tasks.ts'
import type { Overview, Task, TaskState } from './types.ts'

const kKinds: [Task['kind'], string][] = [
  ['member', 'Networks'],
  ['run', 'Tests on a fold'],
  ['final', 'Final models'],
]

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds.toFixed(0)} s`
  return seconds < 7200 ? `${(seconds / 60).toFixed(0)} min` : `${(seconds / 3600).toFixed(1)} h`
}

function KindRow({ title, tasks }: { title: string; tasks: Task[] }) {
  const count = (state: TaskState): number => tasks.filter((task) => task.state === state).length
  const said = kStates.filter((state) => count(state)).map((state) => `${count(state)} ${state}`)
  return (
    <tr>
      <th scope="row">{title}</th>
      <td>
        <svg class="stack-bar" width="220" height="12" role="img" aria-label={`${title}: ${said.join(', ')}`}>
          {kStates.map((state, n) => {
            const before = kStates.slice(0, n).reduce((sum, earlier) => sum + count(earlier), 0)
            return <rect class={`state-${state}`} x={(before / tasks.length) * 220} width={(count(state) / tasks.length) * 220} height="12" />
          })}
        </svg>
      </td>
      {kStates.map((state) => (
        <td class="number" data-testid={`${tasks[0]?.kind}-${state}`}>
          {count(state)}
        </td>
      ))}
      <td class="number">{duration(tasks.reduce((sum, task) => sum + task.seconds, 0))}</td>
    </tr>
  )
}

function Progress({ now }: { now: Overview }) {
  const failed = now.tasks.filter((task) => task.state === 'failed')
  const running = now.tasks.filter((task) => task.state === 'running')
  return (
    <section aria-labelledby="progress">
      <h2 id="progress">Progress</h2>
      <div class="table-box fit">
        <table data-testid="progress">
          <thead>
            <tr>
              <th>Tasks</th>
              <th>
                <span class="visually-hidden">Shares</span>
              </th>
              {kStates.map((state) => (
                <th class="number">{state}</th>
              ))}
              <th class="number">time taken</th>
            </tr>
          </thead>
          <tbody>
            {kKinds.map(([kind, title]) => {
              const tasks = now.tasks.filter((task) => task.kind === kind)
              return tasks.length > 0 && <KindRow title={title} tasks={tasks} />
            })}
          </tbody>
        </table>
      </div>
      {running.length > 0 && <p class="muted">At work: {running.map((task) => task.folder).join(', ')}</p>}
      {failed.map((task) => (
        <p class="problem">
          {task.folder}: {task.reason}
        </p>
      ))}
      {blockedBy(now.tasks).map(([reason, folders]) => (
        <p class="muted" data-testid="blocked">
          Blocked: {folders.join(', ')} ({reason})
        </p>
      ))}
    </section>
  )
}

function FiguresState({ now }: { now: Overview }) {
  const { computing, problem } = now.figures
  if (problem)
    return (
      <p class="problem" role="alert">
        The figures are not up to date: {problem}. It is tried again.
      </p>
    )
  return computing ? (
    <p class="muted" role="status">
      Figures are being computed …
    </p>
  ) : null
}

export function OverviewPage() {
  const now = useStore(overview)
  const made = useStore(results)
  if (!now) return null
  return (
    <div class="sheet">
      <h1 tabIndex={-1}>
        {now.name || now.folder} <span class="muted">· {now.dataset}</span>
      </h1>
      {now.problem && (
        <p class="note" role="alert" data-testid="problem">
          {now.problem}
        </p>
      )}
      {now.tasks.length > 0 && <Progress now={now} />}
      <section aria-labelledby="figures">
        <h2 id="figures">Contrast sets</h2>
        <FiguresState now={now} />
        {made?.left_out.map((task) => (
          <p class="problem">
            {task.what}: {task.reason}
          </p>
        ))}
        {made && made.runs.length > 0 ? <FiguresTable results={made} /> : !now.problem && <p class="muted">No cross-validation is complete yet: single folds are of a few patients each, and are not compared.</p>}
      </section>
      <Curves />
    </div>
  )
}
