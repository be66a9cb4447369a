// A pane: what it shows, its canvases, and what is written at its edges.

import { useEffect, useRef, useState } from 'preact/hooks'
import { useSelected, useStore } from '../base/store.ts'
import { shownUnit, shownValue } from '../base/format.ts'
import { indexOf, isInside, slicePosition } from './grid.ts'
import { valueAt } from './nifti.ts'
import { PaneDrawing, type PaneState } from './pane_drawing.ts'
import { attachPointer } from './pointer.ts'
import type { Scene } from './scene.ts'
import type { PaneSetup } from './display.ts'

interface Props {
  scene: Scene
  index: number
}

export function setPane(scene: Scene, index: number, change: Partial<PaneSetup>): void {
  const panes = scene.display.value.panes.map((pane, n) => (n === index ? { ...pane, ...change } : pane))
  scene.display.update({ panes })
}

/** The value under the mouse, or at the crosshair, in the channel's unit. */
function useValue(scene: Scene, channelName: string): string {
  useStore(scene.arrived)
  const hover = useStore(scene.viewing.hover)
  const { cross, slice } = useStore(scene.viewing)
  const channel = scene.channel(channelName)
  const volume = channel && scene.peek(channel.volume)
  const [c, r] = (hover ?? cross).map(Math.floor)
  if (!channel || !volume || !isInside(scene.plane, c, r)) return ''
  const value = valueAt(volume, indexOf(scene.plane, c, r, slice))
  return `${shownValue(value, channel.unit)} ${shownUnit(channel.unit)}`.trim()
}

function Edges({ scene, channel }: { scene: Scene; channel: string }) {
  const slice = useSelected(scene.viewing, (sight) => sight.slice)
  const { letters, slices } = scene.plane
  const value = useValue(scene, channel)
  return (
    <div class="edges" aria-hidden="true">
      <span class="edge left">{letters.left}</span>
      <span class="edge right">{letters.right}</span>
      <span class="edge top">{letters.top}</span>
      <span class="edge bottom">{letters.bottom}</span>
      <span class="corner slice" data-testid="slice-text">
        {slice + 1}/{slices} · {slicePosition(scene.plane, slice)}
      </span>
      <span class="corner value" data-testid="value">
        {value}
      </span>
    </div>
  )
}

function WindowSliders({ scene, index, range, unit }: { scene: Scene; index: number; range: [number, number]; unit: string }) {
  const setup = scene.display.value.panes[index]
  const [low, high] = setup.window ?? range
  const span = range[1] - range[0] || 1
  const set = (width: number, level: number): void => setPane(scene, index, { window: [level - width / 2, level + width / 2] })
  const level = (low + high) / 2
  return (
    <details class="window-box">
      <summary aria-label="Window and level" title="Window and level (right drag)">
        ◑
      </summary>
      <div>
        <label>
          Width {shownValue(high - low, unit)}
          <input type="range" min={span / 50} max={span * 2} step={span / 200} value={high - low} onInput={(e) => set(Number(e.currentTarget.value), level)} />
        </label>
        <label>
          Level {shownValue(level, unit)}
          <input type="range" min={range[0] - span / 2} max={range[1] + span / 2} step={span / 200} value={level} onInput={(e) => set(high - low, Number(e.currentTarget.value))} />
        </label>
        <button type="button" onClick={() => setPane(scene, index, { window: null })}>
          Reset
        </button>
      </div>
    </details>
  )
}

function Head({ scene, index }: Props) {
  const { panes } = useStore(scene.display)
  const setup = panes[index]
  const { channels } = scene.view
  const channel = scene.channel(setup.channel) ?? channels[0]
  const ground = setup.compare ? channels[0] : channel
  const [low, high] = setup.window ?? ground.window
  const choose = (value: string): void => {
    const [name, compare] = value.split('|')
    setPane(scene, index, { channel: name, compare: compare === 'swipe' || compare === 'checker' ? compare : null, window: null })
  }
  const moved = channels.filter((c) => c.before)
  return (
    <div class="pane-head">
      <select aria-label={`Series in pane ${index + 1}`} value={setup.compare ? `${setup.channel}|${setup.compare}` : setup.channel} onChange={(e) => (choose(e.currentTarget.value), e.currentTarget.blur())}>
        {channels.map((c) => (
          <option value={c.name}>
            {c.title}
            {c.in_model ? '' : ' (shown only)'}
          </option>
        ))}
        {moved.length > 0 && (
          <optgroup label={`Before and after alignment, on ${channels[0].title}`}>
            {moved.flatMap((c) => [
              <option value={`${c.name}|swipe`}>{c.title}: swipe</option>,
              <option value={`${c.name}|checker`}>{c.title}: checkerboard</option>,
            ])}
          </optgroup>
        )}
      </select>
      <span class="pane-series" title={channel.series_description}>
        {channel.series_number === undefined ? '' : `#${channel.series_number} `}
        {channel.series_description}
      </span>
      <span class="pane-window" data-testid="window">
        W {shownValue(high - low, ground.unit)} L {shownValue((low + high) / 2, ground.unit)}
      </span>
      <WindowSliders scene={scene} index={index} range={ground.window} unit={ground.unit} />
    </div>
  )
}

/** What a pane shows, for those who do not see it. */
function describe(scene: Scene, channel: string, slice: number): string {
  const { plane, layers } = scene
  const ids = layers.value.flatMap((layer) => scene.outlinesOf(layer, slice).map((o) => o.id))
  const lesions = ids.length ? `lesion ${[...new Set(ids)].join(', ')} outlined` : 'no lesion on this slice'
  return `${scene.channel(channel)?.title ?? channel}, ${plane.orientation} slice ${slice + 1} of ${plane.slices}, ${slicePosition(plane, slice)}, ${lesions}`
}

/** Draws into the three places while the pane is there; `round` begins anew. */
function useDrawing({ scene, index }: Props, round: number) {
  const image = useRef<HTMLDivElement>(null)
  const before = useRef<HTMLDivElement>(null)
  const marks = useRef<HTMLCanvasElement>(null)
  const [state, setState] = useState<PaneState>('loading')
  const [problem, setProblem] = useState('')
  useEffect(() => {
    if (!image.current || !before.current || !marks.current) return
    const canvas = marks.current
    const drawing = new PaneDrawing(scene, index, { image: image.current, before: before.current, marks: canvas }, (now, why) => {
      setState(now)
      setProblem(why)
    })
    const detach = attachPointer(canvas, {
      scene,
      index,
      frame: () => drawing.frame(),
      window: () => drawing.window(),
      setWindow: (window) => setPane(scene, index, { window }),
      swipe: () => (drawing.setup().compare === 'swipe' ? drawing.swipe : null),
      setSwipe: (at) => {
        drawing.swipe = at
        drawing.ask()
      },
    })
    return () => {
      detach()
      drawing.free()
    }
  }, [scene, index, round])

  return { image, before, marks, state, problem }
}

export function Pane({ scene, index }: Props) {
  const [round, setRound] = useState(0)
  const { image, before, marks, state, problem } = useDrawing({ scene, index }, round)
  const { active, panes } = useStore(scene.display)
  const slice = useSelected(scene.viewing, (sight) => sight.slice)
  useStore(scene.layers)
  const channel = panes[index].channel

  return (
    <section class={active === index ? 'pane active' : 'pane'} data-testid={`pane-${index}`} data-ready={state === 'ready'} data-slice={slice + 1} data-channel={channel} aria-label={`Pane ${index + 1}`}>
      <Head scene={scene} index={index} />
      <div class="pane-box" key={round}>
        <div ref={image} class="pane-image" aria-hidden="true" />
        <div ref={before} class="pane-image" aria-hidden="true" />
        <canvas
          ref={marks}
          class={`pane-marks tool-${scene.display.value.tool}`}
          tabIndex={0}
          role="img"
          aria-label={describe(scene, channel, slice)}
          onFocus={() => scene.display.update({ active: index })}
        />
        <Edges scene={scene} channel={channel} />
        {state === 'loading' && <p class="pane-note">Loading {scene.channel(channel)?.title} …</p>}
        {state === 'failed' && (
          <p class="pane-note" role="alert">
            {problem}{' '}
            <button type="button" onClick={() => setRound(round + 1)}>
              Try again
            </button>
          </p>
        )}
      </div>
    </section>
  )
}
