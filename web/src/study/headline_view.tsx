import type { Diagnosis, Flag, Session } from '../api/types.ts'
import { classTitle, isMalignant } from '../base/class_words.ts'
import { percent } from '../base/format.ts'
import { headlineOf } from './headline.ts'

export function ClassBars({ probabilities, chosen }: { probabilities: Record<string, number>; chosen: string | null }) {
  return (
    <dl class="bars" data-testid="class-bars">
      {Object.entries(probabilities).map(([name, p]) => (
        <div class={name === chosen ? 'bar-line chosen' : 'bar-line'}>
          <dt>
            {isMalignant(name) ? <span aria-hidden="true">▲ </span> : ''}
            {classTitle(name)}
          </dt>
          <dd>
            <span class="bar-track" aria-hidden="true">
              <span class={isMalignant(name) ? 'bar malignant' : 'bar'} style={{ width: `${(p * 100).toFixed(1)}%` }} />
            </span>
            <span class="number">{percent(p)}</span>
          </dd>
        </div>
      ))}
    </dl>
  )
}

const codeWords = (code: string): string => code.charAt(0).toUpperCase() + code.slice(1).replaceAll('_', ' ')

export const flagText = (flag: Flag | string): { title: string; text: string } =>
  typeof flag === 'string' ? { title: flag, text: '' } : { title: flag.title ?? codeWords(flag.code ?? 'flag'), text: [flag.message ?? flag.detail, flag.remedy].filter(Boolean).join(' ') }

export function Flags({ flags }: { flags: (Flag | string)[] }) {
  if (!flags.length) return null
  return (
    <ul class="flags" aria-label="Quality flags" data-testid="flags">
      {flags.map((flag) => {
        const { title, text } = flagText(flag)
        return (
          <li>
            <strong>
              <span aria-hidden="true">⚑ </span>
              {title}
            </strong>
            {text && <p>{text}</p>}
          </li>
        )
      })}
    </ul>
  )
}

export function HeadlineView({ diagnosis, session, by }: { diagnosis: Diagnosis; session: Session; by: string }) {
  const head = headlineOf(diagnosis)
  return (
    <section class={`headline tone-${head.tone}`} aria-label="Answer" data-testid="headline">
      <p class="by">{by}</p>
      <h2>
        {head.title}
        {head.probability !== null && <span class="number"> {percent(head.probability)}</span>}
      </h2>
      {head.caution && (
        <p class="caution" data-testid="caution">
          <span aria-hidden="true">▲ </span>
          {head.caution}
        </p>
      )}
      {diagnosis.class_probabilities && <ClassBars probabilities={diagnosis.class_probabilities} chosen={diagnosis.class} />}
      {diagnosis.tumour_probability !== null && diagnosis.verdict !== 'refused' && <p class="muted">Tumour probability {percent(diagnosis.tumour_probability)}</p>}
      {diagnosis.reason && <p class="muted">{diagnosis.reason}</p>}
      <Flags flags={diagnosis.flags} />
      <p class="research">{session.intended_use}</p>
    </section>
  )
}
