// A mask as it is kept (runs) and as it is sent (base64 of gzip). Pure.

/** Pairs of value and length, from the first voxel on. */
export function toRuns(mask: Uint8Array): Uint32Array {
  const runs: number[] = []
  for (let at = 0; at < mask.length; ) {
    let end = at + 1
    while (end < mask.length && mask[end] === mask[at]) end++
    runs.push(mask[at], end - at)
    at = end
  }
  return Uint32Array.from(runs)
}

/** Null when the runs do not make up `length` voxels. */
export function fromRuns(runs: Uint32Array, length: number): Uint8Array | null {
  const mask = new Uint8Array(length)
  let at = 0
  for (let n = 0; n + 1 < runs.length; n += 2) {
    if (at + runs[n + 1] > length || runs[n] > 255) return null
    mask.fill(runs[n], at, at + runs[n + 1])
    at += runs[n + 1]
  }
  return at === length ? mask : null
}

const kChunk = 0x8000

function base64(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += kChunk) text += String.fromCharCode(...bytes.subarray(at, at + kChunk))
  return btoa(text)
}

/** As the node wants a mask: base64 of gzip, x fastest. */
export async function packMask(mask: Uint8Array): Promise<string> {
  const zipped = new Blob([mask.slice()]).stream().pipeThrough(new CompressionStream('gzip'))
  return base64(new Uint8Array(await new Response(zipped).arrayBuffer()))
}
