import type { Lesion } from '../api/types.ts'
import { classTitle, isMalignant } from '../base/class_words.ts'
import { adc, fixed, percent } from '../base/format.ts'
import { lesionColour } from '../viewer/colours.ts'

interface Props {
  lesions: Lesion[]
  /** Null while there are no images to jump in. */
  onJump: ((lesion: Lesion) => void) | null
}

function Probabilities({ lesion }: { lesion: Lesion }) {
  if (lesion.reader_class) return <>reader: {classTitle(lesion.reader_class)}</>
  if (!lesion.class_probabilities) return <>drawn by the reader: no probabilities</>
  return (
    <>
      {Object.entries(lesion.class_probabilities).map(([name, p]) => (
        <span class={isMalignant(name) ? 'chance malignant' : 'chance'}>
          {classTitle(name)} <span class="number">{percent(p)}</span>
        </span>
      ))}
    </>
  )
}

function Item({ lesion, onJump }: { lesion: Lesion; onJump: Props['onJump'] }) {
  const place = lesion.slice === null || lesion.slice === undefined ? 'Show' : `Slice ${lesion.slice + 1}`
  return (
    <li class="lesion" data-testid={`lesion-${lesion.id}`}>
      <div class="lesion-head">
        <span class="swatch" style={{ borderColor: lesionColour(lesion.id) }} aria-hidden="true" />
        <strong>
          Lesion {lesion.id}
          {lesion.side ? `, ${lesion.side}` : ''}
        </strong>
        {onJump && (
          <button type="button" onClick={() => onJump(lesion)} aria-label={`${place}: show lesion ${lesion.id}`}>
            {place}
          </button>
        )}
      </div>
      <dl class="lesion-facts">
        <div>
          <dt>Long × short axis</dt>
          <dd>
            {fixed(lesion.long_axis_mm, 0)} × {fixed(lesion.short_axis_mm, 0)} mm
          </dd>
        </div>
        <div>
          <dt>Volume</dt>
          <dd>{fixed(lesion.volume_ml, 2)} ml</dd>
        </div>
        <div>
          <dt>
            ADC <span class="unit">10⁻³ mm²/s</span>
          </dt>
          <dd>
            mean {adc(lesion.adc_mean_um2_s)}, min {adc(lesion.adc_min_um2_s)}, p10 {adc(lesion.adc_p10_um2_s)}
          </dd>
        </div>
      </dl>
      <p class="chances">
        <Probabilities lesion={lesion} />
      </p>
    </li>
  )
}

export function LesionList({ lesions, onJump }: Props) {
  return (
    <section aria-label="Lesions">
      <h3>
        Lesions <span class="count">{lesions.length}</span>
      </h3>
      {lesions.length === 0 && <p class="muted">None outlined.</p>}
      <ul class="lesions">
        {lesions.map((lesion) => (
          <Item key={lesion.id} lesion={lesion} onJump={onJump} />
        ))}
      </ul>
    </section>
  )
}
