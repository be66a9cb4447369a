// The keys, as a table that "?" opens. It is the one list of them: what a key does is said where it is done, and here.

import { Dialog } from '../base/dialog.tsx'
import { Store, useStore } from '../base/store.ts'

const open = new Store(false)
export const showHelp = (): void => open.set(true)

const kKeys: [string, [string, string][]][] = [
  ['Everywhere', [['?', 'this help'], ['Esc', 'close, leave a tool, or go back to the worklist']]],
  [
    'Worklist',
    [
      ['↑ ↓ or j k', 'next, previous study'],
      ['Home End', 'first, last study of the page'],
      ['Enter', 'open the study'],
      ['/', 'search'],
      ['PgUp PgDn', 'previous, next page'],
    ],
  ],
  [
    'Images',
    [
      ['↑ ↓, j k, wheel', 'previous, next slice'],
      ['PgUp PgDn', 'five slices'],
      ['Home End', 'first, last slice'],
      ['n, Shift n', 'next, previous lesion'],
      ['Shift + arrows', 'move the crosshair by a voxel'],
      ['Alt + arrows', 'move the image'],
      ['+ − 0', 'zoom in, out, fit'],
      ['Right drag', 'window: across the width, up and down the level'],
      ['r', 'reset the windows of all panes'],
      ['1 2 4 6', 'number of panes'],
      ['l', 'outlines on, off'],
      ['p, a', 'overlay of tumour probability, of ADC'],
      ['c', 'crosshair on, off'],
      ['Tab', 'from pane to pane'],
    ],
  ],
  [
    'Measuring',
    [
      ['v w m z', 'left button: crosshair, window, move, zoom'],
      ['d e f', 'distance, ellipse, freehand'],
      ['Enter', 'set a point at the crosshair (distance, ellipse)'],
      ['Delete', 'remove the last measurement'],
    ],
  ],
  [
    'Drawing (while editing)',
    [
      ['b x g', 'brush, eraser, give a whole piece to the lesion'],
      ['[ ]', 'smaller, larger brush'],
      ['Enter', 'paint or erase at the crosshair'],
      ['Ctrl z', 'undo; with Shift, redo'],
    ],
  ],
]

export function HelpHost() {
  if (!useStore(open)) return null
  return (
    <Dialog title="Keys" onClose={() => open.set(false)} wide testid="help">
      <div class="keys" tabIndex={0} role="region" aria-label="Keys">
        {kKeys.map(([title, keys]) => (
          <section>
            <h3>{title}</h3>
            <dl>
              {keys.map(([key, does]) => (
                <div>
                  <dt>
                    <kbd>{key}</kbd>
                  </dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
