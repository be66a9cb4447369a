// What was measured in this visit, with each quantity's and the pane's own statistics.

import { useEffect } from 'preact/hooks'
import type { Channel } from '../api/types.ts'
import { shownUnit, shownValue } from '../base/format.ts'
import { useStore } from '../base/store.ts'
import { indexOf } from '../viewer/grid.ts'
import { area_mm2, distance_mm, pixelsIn, statisticsOf, type Measure } from '../viewer/measure.ts'
import { valueAt } from '../viewer/nifti.ts'
import type { Scene } from '../viewer/scene.ts'

function channelsOf(scene: Scene, measure: Measure): Channel[] {
  const drawn = scene.channel(measure.channel)
  return [...(drawn && !drawn.quantity ? [drawn] : []), ...scene.view.channels.filter((c) => c.quantity)]
}

function Values({ scene, measure, channel }: { scene: Scene; measure: Measure; channel: Channel }) {
  useStore(scene.arrived)
  useEffect(() => void scene.load(channel.volume).catch(() => {}), [scene, channel.volume])
  const volume = scene.peek(channel.volume)
  if (!volume) return <div class="muted">{channel.title}: loading …</div>
  const values = pixelsIn(measure, scene.plane).map(([c, r]) => valueAt(volume, indexOf(scene.plane, c, r, measure.slice)))
  const found = statisticsOf(values)
  if (!found) return <div class="muted">{channel.title}: no pixel lies inside</div>
  const show = (value: number): string => shownValue(value, channel.unit)
  return (
    <div class="measure-values" data-testid={`values-${measure.id}-${channel.name}`}>
      {channel.title} {show(found.mean)} ± {show(found.sd)} <span class="muted">({show(found.min)}–{`${show(found.max)} ${shownUnit(channel.unit)}`.trim()}, n {found.n})</span>
    </div>
  )
}

const kNames = { distance: 'Distance', ellipse: 'Ellipse', freehand: 'Region' } as const

export function MeasureList({ scene }: { scene: Scene }) {
  const measures = useStore(scene.measures)
  const size = (m: Measure): string => (m.kind === 'distance' ? `${distance_mm(m.points, scene.plane.pixel_mm).toFixed(1)} mm` : `${area_mm2(m, scene.plane.pixel_mm).toFixed(1)} mm²`)
  return (
    <section aria-label="Measurements" data-testid="measures">
      <h3>
        Measurements <span class="count">{measures.length}</span>
        {measures.length > 0 && (
          <button type="button" class="quiet" onClick={() => scene.measures.set([])}>
            Remove all
          </button>
        )}
      </h3>
      {measures.length === 0 && <p class="muted">Distance (d), ellipse (e) or freehand (f). Kept for this visit only, never sent.</p>}
      <ul class="measures">
        {measures.map((m) => (
          <li key={m.id} data-testid={`measure-${m.id}`}>
            <div class="lesion-head">
              <strong>
                M{m.id} {kNames[m.kind]} <span class="number">{size(m)}</span>
              </strong>
              <button type="button" onClick={() => scene.viewing.jump(m.points[0], m.slice)} aria-label={`Slice ${m.slice + 1}: show measurement ${m.id}`}>
                Slice {m.slice + 1}
              </button>
              <button type="button" class="quiet" onClick={() => scene.removeMeasure(m.id)} aria-label={`Remove measurement ${m.id}`}>
                ✕
              </button>
            </div>
            {m.kind !== 'distance' && channelsOf(scene, m).map((channel) => <Values scene={scene} measure={m} channel={channel} />)}
          </li>
        ))}
      </ul>
    </section>
  )
}
