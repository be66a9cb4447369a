// Versions of the answer: the program's first, then readers'. Any can be looked at, and one compared with another.

import type { Study, Version } from '../api/types.ts'
import { dateTime } from '../base/format.ts'

export const kKindWords: Record<Version['kind'], string> = { analysis: 'Program', accept: 'Accepted', edit: 'Edited', reject: 'Rejected' }

/** An edit's outlines are there when its DICOM objects are. */
export const hasOutlines = (version: Version): boolean => (version.kind === 'analysis' || version.kind === 'edit') && version.state === 'done'

/** The newest whose outlines can be shown. */
export const newestShown = (study: Study): Version | undefined => study.versions.filter((v) => hasOutlines(v) && !v.superseded).at(-1)

export function versionLabel(study: Study | null, id: string): string {
  const version = study?.versions.find((v) => v.id === id)
  if (!version) return id
  return version.kind === 'analysis' ? 'the program' : `${version.by}, ${dateTime(version.at)}`
}

interface Props {
  study: Study
  compared: string | null
  onShow: (version: string) => void
  onCompare: (version: string | null) => void
}

const kWriting: Record<string, string> = { waiting: 'its DICOM objects are waiting to be written', running: 'its DICOM objects are being written' }

export function History({ study, compared, onShow, onCompare }: Props) {
  return (
    <section aria-label="Versions">
      <h3>Versions</h3>
      <ol class="versions" data-testid="versions">
        {[...study.versions].reverse().map((v) => (
          <li class={v.id === study.version ? 'shown' : ''} data-version={v.id}>
            <div>
              <strong>{kKindWords[v.kind]}</strong> <span class="muted">{dateTime(v.at)}</span> {v.id === study.version && <span class="chip">shown</span>}
              {v.superseded && <span class="chip">of an older analysis</span>}
            </div>
            <p>
              {v.by}
              {v.reason && `: ${v.reason}`}
            </p>
            {kWriting[v.state] && <p class="muted">{kWriting[v.state]} …</p>}
            {v.state === 'failed' && <p class="problem">Its DICOM objects could not be written: {v.problem}</p>}
            {hasOutlines(v) && v.id !== study.version && (
              <span class="buttons">
                <button type="button" onClick={() => onShow(v.id)}>
                  Show
                </button>
                <button type="button" aria-pressed={compared === v.id} onClick={() => onCompare(compared === v.id ? null : v.id)} data-testid={`compare-${v.id}`}>
                  {compared === v.id ? 'Do not compare' : 'Compare outlines'}
                </button>
              </span>
            )}
          </li>
        ))}
      </ol>
    </section>
  )
}
