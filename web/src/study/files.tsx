import { filePath } from '../api/client.ts'
import type { Study } from '../api/types.ts'
import { bytes } from '../base/format.ts'

export function Files({ study }: { study: Study }) {
  return (
    <section aria-label="Downloads">
      <h3>Downloads</h3>
      {study.downloads.length === 0 && <p class="muted">Nothing has been written for this study.</p>}
      <ul class="files">
        {study.downloads.map((file) => (
          <li>
            <a href={filePath(study.id, file.name, study.version)} download={file.name}>
              {file.title}
            </a>{' '}
            <span class="muted">
              {file.name} {bytes(file.bytes)}
            </span>
          </li>
        ))}
      </ul>
      {study.deliveries.length > 0 && (
        <>
          <h3>Sent to</h3>
          <ul class="files">
            {study.deliveries.map((d) => (
              <li>
                <strong>{d.peer}</strong> {d.state}
                {d.reason && `: ${d.reason}`} <span class="muted">version {d.version}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}
