import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { kAxial, volume, type Phantom } from '../../mock/volumes.ts'
import { Volumes } from '../../src/viewer/volumes.ts'

const phantom: Phantom = { geometry: kAxial, lesions: [] }
const copyOf = (bytes: Buffer): ArrayBuffer => Uint8Array.from(bytes).buffer
const aMoment = (): Promise<void> => new Promise((done) => setTimeout(done, 5))

test('a volume is fetched once, and its memory is given back with the study', async () => {
  let asked = 0
  const sent: ArrayBuffer[] = []
  const volumes = new Volumes((name) => {
    asked++
    const bytes = copyOf(volume(phantom, name))
    sent.push(bytes)
    return Promise.resolve({ arrayBuffer: () => Promise.resolve(bytes) } as Response)
  })
  const [first, again] = await Promise.all([volumes.get('channel-0', 'v1'), volumes.get('channel-0', 'v1')])
  assert.equal(first, again)
  assert.equal(asked, 1)
  assert.equal(volumes.peek('channel-0', 'v1'), first)
  assert.equal(sent[0].byteLength, 0, 'what came compressed is not kept')
  assert.equal(first.stored.length, kAxial.size[0] * kAxial.size[1] * kAxial.size[2])
  volumes.free()
  assert.equal(volumes.peek('channel-0', 'v1'), undefined)
  assert.notEqual(first.file.byteLength, 0, 'those who show it are still there')
  await aMoment()
  assert.equal(first.file.byteLength, 0)
})

test('a volume that the browser has already unpacked is kept as it came', async () => {
  const volumes = new Volumes((name) => Promise.resolve({ arrayBuffer: () => Promise.resolve(copyOf(gunzipSync(volume(phantom, name)))) } as Response))
  const { stored } = await volumes.get('channel-0', 'v1')
  assert.equal(stored.length, kAxial.size[0] * kAxial.size[1] * kAxial.size[2])
})
