// Why the answer is what it is: the series, their alignment, the diffusion images' quality, and the model.

import type { DiffusionQuality, Model, Series, Study } from '../api/types.ts'
import { fixed } from '../base/format.ts'
import { setPane } from '../viewer/pane.tsx'
import type { Scene } from '../viewer/scene.ts'
import { Flags } from './headline_view.tsx'
import { Reliability } from './reliability.tsx'

function SeriesList({ series }: { series: Series[] }) {
  const used = series.filter((s) => s.channels.length)
  const unused = series.filter((s) => !s.channels.length)
  const line = (s: Series) => (
    <li>
      <div>
        <span class="number muted">{s.number === null ? '' : `#${s.number}`}</span> <strong>{s.description}</strong>
        {s.channels.map((c) => (
          <span class="chip">{c}</span>
        ))}
      </div>
      <p>
        <span class="muted">
          {s.weighting}, {s.plane}, {s.images} images.
        </span>{' '}
        {s.why}
      </p>
    </li>
  )
  return (
    <section aria-label="Series">
      <h3>Series that were used</h3>
      {used.length ? <ul class="series">{used.map(line)}</ul> : <p class="muted">{series.length ? 'None.' : 'The node names none for this version.'}</p>}
      {unused.length > 0 && (
        <>
          <h3>Series that were not</h3>
          <ul class="series unused">{unused.map(line)}</ul>
        </>
      )}
    </section>
  )
}

const kMeasures: [keyof DiffusionQuality & string, string, number, string][] = [
  ['signal_to_noise', 'Signal to noise', 1, ''],
  ['ghost', 'Ghost', 3, ' of the signal'],
  ['lost_slices', 'Lost slices', 2, ' of all'],
  ['shift_between_b_mm', 'Shift between b-values', 1, ' mm'],
  ['displaced', 'Displaced against the reference', 2, ' of the edge'],
  ['residual', 'Misfit of the ADC', 3, ''],
]

function Diffusion({ quality }: { quality: DiffusionQuality }) {
  return (
    <section aria-label="Diffusion quality">
      <h3>Diffusion images: {quality.verdict ?? 'not judged'}</h3>
      <dl class="facts">
        {kMeasures
          .filter(([key]) => typeof quality[key] === 'number')
          .map(([key, name, digits, unit]) => (
            <>
              <dt>{name}</dt>
              <dd>
                {fixed(quality[key] as number, digits)}
                {unit}
              </dd>
            </>
          ))}
      </dl>
    </section>
  )
}

interface AlignmentStep {
  outcome?: string
  reason?: string
}

/** What became of each acquisition, as the program's own words say it. */
function alignmentWords(alignment: unknown): { title: string; steps: string[] }[] {
  if (!Array.isArray(alignment)) return []
  return (alignment as Record<string, unknown>[]).map((entry) => ({
    title: String(entry.acquisition ?? 'Acquisition'),
    steps: ['motion', 'distortion'].flatMap((what) => {
      const step = entry[what] as AlignmentStep | undefined
      return step?.outcome ? [`${what} ${step.outcome}${step.reason ? `: ${step.reason}` : ''}`] : []
    }),
  }))
}

function Alignment({ study, scene }: { study: Study; scene: Scene | null }) {
  const moved = study.view?.channels.filter((c) => c.before) ?? []
  const words = alignmentWords(study.diagnosis?.provenance?.alignment)
  const compare = (channel: string, how: 'swipe' | 'checker' | null): void => {
    if (scene) setPane(scene, scene.display.value.active, { channel, compare: how, window: null })
  }
  return (
    <section aria-label="Alignment">
      <h3>Alignment</h3>
      {moved.length === 0 && <p class="muted">Nothing was moved: series lie where their headers place them.</p>}
      {moved.map((c) => (
        <p class="compare">
          {c.title} was moved onto {study.view?.channels[0].title}.{' '}
          {scene && (
            <span class="buttons">
              <button type="button" onClick={() => compare(c.name, 'swipe')} data-testid={`swipe-${c.name}`}>
                Swipe
              </button>
              <button type="button" onClick={() => compare(c.name, 'checker')}>
                Checkerboard
              </button>
              <button type="button" onClick={() => compare(c.name, null)}>
                Plain
              </button>
            </span>
          )}
        </p>
      ))}
      {words.map(({ title, steps }) => (
        <p class="muted">
          {title}: {steps.join('; ') || 'nothing was tried'}
        </p>
      ))}
    </section>
  )
}

function ModelFacts({ model }: { model: Model }) {
  return (
    <section aria-label="Model">
      <h3>Model</h3>
      {model.synthetic && (
        <p class="caution-box" data-testid="synthetic">
          <strong>Trained on synthetic patients only.</strong> It says nothing reliable about a real one.
        </p>
      )}
      <dl class="facts">
        <dt>Name</dt>
        <dd>{model.name}</dd>
        <dt>Trained on</dt>
        <dd>{model.trained_on}</dd>
        <dt>Reads</dt>
        <dd>
          {model.channels.join(', ')} ({model.contrast_set})
        </dd>
        {Object.entries(model.rule).map(([label, text]) => (
          <>
            <dt>{label}</dt>
            <dd>{text}</dd>
          </>
        ))}
        <dt>SHA-256</dt>
        <dd class="hash">{model.sha256}</dd>
      </dl>
      <h3>Calibration</h3>
      {model.calibration ? <Reliability calibration={model.calibration} /> : <p class="muted">How far its probabilities can be trusted was not recorded; <code>parotis calibrate --keep-rule</code> does that.</p>}
    </section>
  )
}

export function Why({ study, scene }: { study: Study; scene: Scene | null }) {
  const provenance = study.diagnosis?.provenance
  const notes = provenance?.notes ?? []
  return (
    <div class="why">
      <SeriesList series={study.series} />
      <Alignment study={study} scene={scene} />
      {provenance?.diffusion_quality && <Diffusion quality={provenance.diffusion_quality} />}
      {notes.length > 0 && (
        <section aria-label="Notes">
          <h3>Notes</h3>
          <Flags flags={notes} />
        </section>
      )}
      {study.model && typeof study.model === 'object' && <ModelFacts model={study.model} />}
    </div>
  )
}
