// Mouse, pen and fingers on a pane. One gesture at a time; what it does depends on the button, the tool and the number of fingers.

import { toImage, type Frame } from './frame.ts'
import type { Point } from './grid.ts'
import type { Scene } from './scene.ts'

export interface PanePointer {
  scene: Scene
  index: number
  frame: () => Frame
  /** The window the pane shows now, its own or its channel's. */
  window: () => [number, number]
  setWindow: (window: [number, number]) => void
  /** Column of the swipe line as a share of the width; null when the pane compares nothing. */
  swipe: () => number | null
  setSwipe: (at: number) => void
}

interface Gesture {
  move(at: Point, from: Point): void
  end?(): void
}

const kPixelsPerSlice = 14
const kSwipeGrip = 12

function windowGesture(pane: PanePointer): Gesture {
  const [low, high] = pane.window()
  const start = { width: high - low, level: (low + high) / 2 }
  return {
    move([x, y], [x0, y0]) {
      const step = start.width / 220
      const width = Math.max(step, start.width + (x - x0) * step)
      const level = start.level + (y - y0) * step
      pane.setWindow([level - width / 2, level + width / 2])
    },
  }
}

function panGesture(pane: PanePointer): Gesture {
  let last: Point | null = null
  return {
    move(at, from) {
      const before = toImage(pane.frame(), last ?? from)
      const now = toImage(pane.frame(), at)
      last = at
      pane.scene.viewing.pan(before[0] - now[0], before[1] - now[1])
    },
  }
}

function zoomGesture(pane: PanePointer): Gesture {
  let last = 0
  return {
    move([, y], from) {
      pane.scene.viewing.zoomAt(1.01 ** (last - (y - from[1])), pane.frame(), from)
      last = y - from[1]
    },
  }
}

function crossGesture(pane: PanePointer, at: Point): Gesture {
  const set = (point: Point): void => pane.scene.viewing.setCross(toImage(pane.frame(), point))
  set(at)
  return { move: set }
}

/** One finger: up and down goes through the slices; a tap sets the crosshair. */
function scrollGesture(pane: PanePointer, start: Point): Gesture {
  let done = 0
  let moved = false
  return {
    move([x, y], [x0, y0]) {
      if (Math.hypot(x - x0, y - y0) > 6) moved = true
      const steps = Math.trunc((y - y0) / kPixelsPerSlice)
      if (steps !== done) pane.scene.viewing.scroll(steps - done)
      done = steps
    },
    end() {
      if (!moved) pane.scene.viewing.setCross(toImage(pane.frame(), start))
    },
  }
}

function measureGesture(pane: PanePointer, kind: 'distance' | 'ellipse' | 'freehand', at: Point): Gesture {
  const { scene } = pane
  const start = toImage(pane.frame(), at)
  let points: Point[] = [start]
  return {
    move(to) {
      const point = toImage(pane.frame(), to)
      points = kind === 'freehand' ? [...points, point] : [start, point]
      scene.sketch.set({ kind, points })
    },
    end() {
      scene.sketch.set(null)
      const channel = scene.display.value.panes[pane.index].channel
      const [a, b] = [points[0], points[points.length - 1]]
      const large = kind === 'freehand' ? points.length > 3 : Math.hypot(b[0] - a[0], b[1] - a[1]) > 0.5
      if (large) scene.addMeasure(kind, points, channel)
    },
  }
}

function paintGesture(pane: PanePointer, tool: 'brush' | 'eraser' | 'fill', at: Point): Gesture {
  const { scene } = pane
  const painter = scene.painter.value
  painter?.begin(toImage(pane.frame(), at), scene.viewing.value.slice, tool)
  return {
    move: (to) => painter?.to(toImage(pane.frame(), to)),
    end: () => painter?.end(),
  }
}

function swipeGesture(pane: PanePointer): Gesture {
  return { move: ([x]) => pane.setSwipe(Math.max(0, Math.min(1, x / pane.frame().width))) }
}

function beginGesture(pane: PanePointer, event: PointerEvent, at: Point): Gesture {
  const { tool } = pane.scene.display.value
  const swipe = pane.swipe()
  if (swipe !== null && Math.abs(at[0] - swipe * pane.frame().width) < kSwipeGrip) return swipeGesture(pane)
  if (event.button === 2) return windowGesture(pane)
  if (event.button === 1 || (event.button === 0 && event.altKey)) return panGesture(pane)
  if (tool === 'pan') return panGesture(pane)
  if (tool === 'zoom') return zoomGesture(pane)
  if (tool === 'window') return windowGesture(pane)
  if (tool === 'brush' || tool === 'eraser' || tool === 'fill') return paintGesture(pane, tool, at)
  if (tool !== 'cross') return measureGesture(pane, tool, at)
  return event.pointerType === 'touch' ? scrollGesture(pane, at) : crossGesture(pane, at)
}

/** Two fingers: their distance zooms, their middle pans. */
function pinchStep(pane: PanePointer, before: Point[], now: Point[]): void {
  const middle = ([a, b]: Point[]): Point => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]
  const apart = ([a, b]: Point[]): number => Math.max(1, Math.hypot(a[0] - b[0], a[1] - b[1]))
  const from = toImage(pane.frame(), middle(before))
  const to = toImage(pane.frame(), middle(now))
  pane.scene.viewing.pan(from[0] - to[0], from[1] - to[1])
  pane.scene.viewing.zoomAt(apart(now) / apart(before), pane.frame(), middle(now))
}

/** Returns what detaches it. */
export function attachPointer(canvas: HTMLCanvasElement, pane: PanePointer): () => void {
  const { scene } = pane
  const fingers = new Map<number, Point>()
  let gesture: { id: number; from: Point; does: Gesture } | null = null
  const place = (event: PointerEvent | WheelEvent): Point => {
    const box = canvas.getBoundingClientRect()
    return [event.clientX - box.left, event.clientY - box.top]
  }
  const finish = (): void => {
    gesture?.does.end?.()
    gesture = null
  }

  const down = (event: PointerEvent): void => {
    const at = place(event)
    fingers.set(event.pointerId, at)
    canvas.setPointerCapture(event.pointerId)
    if (fingers.size === 2) {
      finish()
      scene.sketch.set(null)
    } else if (fingers.size === 1) gesture = { id: event.pointerId, from: at, does: beginGesture(pane, event, at) }
    if (scene.display.value.active !== pane.index) scene.display.update({ active: pane.index })
  }
  const move = (event: PointerEvent): void => {
    const at = place(event)
    if (fingers.size === 2 && fingers.has(event.pointerId)) {
      const before = [...fingers.values()]
      fingers.set(event.pointerId, at)
      return pinchStep(pane, before, [...fingers.values()])
    }
    if (fingers.has(event.pointerId)) fingers.set(event.pointerId, at)
    if (gesture?.id === event.pointerId) gesture.does.move(at, gesture.from)
    scene.viewing.hover.set(toImage(pane.frame(), at))
  }
  const up = (event: PointerEvent): void => {
    fingers.delete(event.pointerId)
    if (gesture?.id === event.pointerId) finish()
  }
  const leave = (): void => scene.viewing.hover.set(null)
  let rest = 0
  const wheel = (event: WheelEvent): void => {
    event.preventDefault()
    if (event.ctrlKey) return scene.viewing.zoomAt(1.002 ** -event.deltaY, pane.frame(), place(event))
    // A notch of a mouse is about 100; touchpads send many small ones.
    rest += event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * 33 : event.deltaY
    const steps = Math.abs(rest) >= 50 ? Math.sign(rest) * Math.max(1, Math.floor(Math.abs(rest) / 100)) : 0
    if (steps) rest = 0
    if (steps) scene.viewing.scroll(steps)
  }
  const menu = (event: Event): void => event.preventDefault()

  canvas.addEventListener('pointerdown', down)
  canvas.addEventListener('pointermove', move)
  canvas.addEventListener('pointerup', up)
  canvas.addEventListener('pointercancel', up)
  canvas.addEventListener('pointerleave', leave)
  canvas.addEventListener('wheel', wheel, { passive: false })
  canvas.addEventListener('contextmenu', menu)
  return () => {
    canvas.removeEventListener('pointerdown', down)
    canvas.removeEventListener('pointermove', move)
    canvas.removeEventListener('pointerup', up)
    canvas.removeEventListener('pointercancel', up)
    canvas.removeEventListener('pointerleave', leave)
    canvas.removeEventListener('wheel', wheel)
    canvas.removeEventListener('contextmenu', menu)
  }
}
