// The study's volumes: each is fetched once, in the order in which it is needed, two at a time, and given up with the study.

import { gunzipped, parseNifti, type Volume } from './nifti.ts'

const kAtOnce = 2

/** Gives memory back now; what the browser's collector finds, it may keep for a minute. Browsers before 2024 wait for it. */
function release(buffer: ArrayBuffer): void {
  ;(buffer as ArrayBuffer & { transfer?: (length: number) => unknown }).transfer?.(0)
}

/** Asks for a volume's file. */
export type FetchVolume = (name: string, version: string, signal: AbortSignal) => Promise<Response>

export class Volumes {
  private readonly fetch_: FetchVolume
  private readonly abort_ = new AbortController()
  private readonly known_ = new Map<string, Promise<Volume>>()
  private readonly ready_ = new Map<string, Volume>()
  private queue_: (() => void)[] = []
  private running_ = 0

  constructor(fetch: FetchVolume) {
    this.fetch_ = fetch
  }

  /** The volume when it has already come. */
  peek(name: string, version: string): Volume | undefined {
    return this.ready_.get(`${version}/${name}`)
  }

  /** Who asks first is served first; `urgent` goes ahead. A failure is forgotten, so that asking again tries again. */
  get(name: string, version: string, urgent = false): Promise<Volume> {
    const key = `${version}/${name}`
    let coming = this.known_.get(key)
    if (!coming) {
      coming = new Promise<void>((begin) => this.queue_[urgent ? 'unshift' : 'push'](begin)).then(() => this.fetch(name, version))
      this.known_.set(key, coming)
      coming.then(
        (volume) => this.ready_.set(key, volume),
        () => this.known_.delete(key),
      )
      this.next()
    }
    return coming
  }

  private next(): void {
    while (this.running_ < kAtOnce && this.queue_.length) {
      this.running_++
      this.queue_.shift()?.()
    }
  }

  private async fetch(name: string, version: string): Promise<Volume> {
    try {
      const response = await this.fetch_(name, version, this.abort_.signal)
      const bytes = await response.arrayBuffer()
      const file = await gunzipped(bytes)
      if (file !== bytes) release(bytes)
      return parseNifti(file, name)
    } finally {
      this.running_--
      this.next()
    }
  }

  /** Whoever still holds a volume holds an empty one, once those who show it have gone. */
  free(): void {
    this.abort_.abort()
    this.queue_ = []
    this.known_.clear()
    const held = [...this.ready_.values()]
    this.ready_.clear()
    setTimeout(() => held.forEach(({ file }) => release(file)))
  }
}
