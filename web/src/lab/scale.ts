// Axes of charts: from values to pixels and back, and where ticks stand. Pure.

export interface Axis {
  low: number
  high: number
  title: string
}

/** Round steps of 1, 2 or 5 times a power of ten. */
export function ticksOf(low: number, high: number, most = 6): number[] {
  const span = high - low
  if (!(span > 0) || !Number.isFinite(span)) return [low]
  const raw = span / Math.max(1, most - 1)
  const power = 10 ** Math.floor(Math.log10(raw))
  const step = [1, 2, 5, 10].map((n) => n * power).find((size) => size >= raw - 1e-12) ?? raw
  const first = Math.ceil(low / step - 1e-9)
  const last = Math.floor(high / step + 1e-9)
  return Array.from({ length: last - first + 1 }, (_, n) => Number(((first + n) * step).toPrecision(12)))
}

export const tickText = (value: number): string => (Math.abs(value) >= 10000 ? `${value / 1000}k` : String(value))

/** From 0, or the least value, to the tick above the largest. */
export function axisFor(values: (number | null)[], title: string): Axis {
  const known = values.filter((value): value is number => value !== null && Number.isFinite(value))
  const high = known.reduce((a, b) => Math.max(a, b), 0)
  const low = known.reduce((a, b) => Math.min(a, b), 0)
  if (high <= low) return { low, high: low + 1, title }
  const ticks = ticksOf(low, high)
  const step = ticks.length > 1 ? ticks[1] - ticks[0] : high - low
  return { low, high: Number((Math.ceil(high / step - 1e-9) * step).toPrecision(12)), title }
}

/** The place of the value nearest to `wanted` in a rising list; -1 in an empty one. */
export function nearest(rising: number[], wanted: number): number {
  let best = -1
  for (let n = 0; n < rising.length; n++) if (best < 0 || Math.abs(rising[n] - wanted) < Math.abs(rising[best] - wanted)) best = n
  return best
}
