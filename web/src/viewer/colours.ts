// Colours of overlays and outlines. Maps are the same for Niivue and for the legend.

export interface ColourMap {
  R: number[]
  G: number[]
  B: number[]
  A: number[]
  I: number[]
}

export type MapName = 'parotis-probability' | 'parotis-quantity' | 'parotis-moved'

// Lightness rises along each map, so that it reads without hue, too.
export const kMaps: Record<MapName, ColourMap> = {
  'parotis-probability': { I: [0, 26, 128, 255], R: [90, 120, 230, 255], G: [0, 10, 90, 240], B: [60, 80, 30, 130], A: [0, 90, 190, 255] },
  'parotis-quantity': { I: [0, 64, 128, 192, 255], R: [68, 59, 33, 94, 253], G: [1, 82, 145, 201, 231], B: [84, 139, 140, 98, 37], A: [0, 255, 255, 255, 255] },
  'parotis-moved': { I: [0, 60, 255], R: [0, 200, 255], G: [0, 90, 225], B: [0, 20, 150], A: [0, 120, 255] },
}

/** Colour at 0…1 along a map. */
export function colourAt(map: ColourMap, at: number): [number, number, number, number] {
  const i = Math.max(0, Math.min(1, at)) * 255
  const upper = Math.max(
    1,
    map.I.findIndex((node) => node >= i),
  )
  const t = (i - map.I[upper - 1]) / (map.I[upper] - map.I[upper - 1])
  const mix = (c: number[]): number => c[upper - 1] + t * (c[upper] - c[upper - 1])
  return [mix(map.R), mix(map.G), mix(map.B), mix(map.A)]
}

const kOutlines = ['#ffd84d', '#54dcff', '#ff8ad8', '#a5ee5b', '#ffa04d', '#b9a7ff', '#7df0c4', '#ff6f6f']

/** A lesion's colour; its number stands beside it wherever it is used. */
export const lesionColour = (id: number): string => kOutlines[(id - 1) % kOutlines.length]
