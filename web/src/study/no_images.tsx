// What stands where the images would: the study is on its way, was refused, or cannot be shown.

import { filePath } from '../api/client.ts'
import type { Study, Version } from '../api/types.ts'
import { kStateWords } from '../worklist/words.tsx'
import type { Images } from './use_scene.ts'

function Underway({ study }: { study: Study }) {
  const words: Record<string, string> = {
    received: `Images are still arriving: ${study.instances} so far.`,
    ready: 'The study is complete and waits for its turn.',
    running: `The analysis is running${study.running_s ? ` for ${Math.round(study.running_s)} s` : ''}.`,
    sending: 'The answer is there and is being sent.',
  }
  return (
    <div class="instead" role="status" data-testid="underway">
      <h2>{kStateWords[study.state]}</h2>
      <p>{words[study.state]}</p>
      <progress aria-label="The study is being worked on" />
      <p class="muted">The images and the answer open here by themselves when they are there.</p>
    </div>
  )
}

function Refused({ study }: { study: Study }) {
  const refused = study.state === 'refused' || study.diagnosis?.verdict === 'refused'
  return (
    <div class="instead" data-testid="refused">
      <h2>{refused ? 'The study was refused: no answer was given' : 'The analysis failed: there is no answer'}</h2>
      <p>
        <strong>{study.reason || study.diagnosis?.reason || 'The node gave no reason.'}</strong>
      </p>
      <p>
        {refused
          ? `What to do: ${study.series.length ? 'see under "Why" which series the node found; ' : ''}send the series that are missing or wrong to the node again, and the study is analysed anew by itself.`
          : 'What to do: send the study to the node again. When it fails again, tell the administrator; the node keeps the images.'}
      </p>
    </div>
  )
}

function Unwritten({ version }: { version: Version }) {
  return (
    <div class="instead" role="status">
      <h2>{version.state === 'failed' ? 'This version could not be written' : 'This version is being written'}</h2>
      <p>{version.state === 'failed' ? version.problem : 'It opens here by itself when it is there.'}</p>
      <p class="muted">Other versions are under "Versions".</p>
    </div>
  )
}

function NoWebGl({ study }: { study: Study }) {
  const report = study.downloads.find((file) => file.name.endsWith('.html') || file.name.endsWith('.pdf'))
  return (
    <div class="instead" role="alert" data-testid="no-webgl">
      <h2>This browser cannot show the images</h2>
      <p>It has no WebGL 2, or it is switched off. The findings beside this are complete{report ? '; the report holds the pictures:' : '.'}</p>
      {report && (
        <p>
          <a href={filePath(study.id, report.name, study.version)} download={report.name}>
            {report.title}
          </a>
        </p>
      )}
    </div>
  )
}

export function NoImages({ study, images }: { study: Study; images: Images }) {
  if (['received', 'ready', 'running', 'sending'].includes(study.state) && !study.view) return <Underway study={study} />
  const version = study.versions.find((v) => v.id === study.version)
  if (!study.view && version?.kind === 'edit' && version.state !== 'done') return <Unwritten version={version} />
  if (!study.view) return <Refused study={study} />
  if (!images.possible) return <NoWebGl study={study} />
  if (images.problem)
    return (
      <div class="instead" role="alert">
        <h2>The images did not come</h2>
        <p>{images.problem}</p>
        <button type="button" onClick={images.retry}>
          Try again
        </button>
      </div>
    )
  return (
    <div class="instead" role="status">
      <p>Loading the images …</p>
    </div>
  )
}
