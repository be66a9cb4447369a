// What the node's page and the laboratory's share of talking to a server: how it refuses, and what an ETag saves.

/** The server answered, and said no. `message` is its own sentence for people. */
export class RefusedError extends Error {
  readonly status: number
  readonly body: Record<string, unknown>
  constructor(status: number, body: Record<string, unknown>, who: string) {
    super(typeof body.error === 'string' && body.error ? body.error : `${who} refused the request (${status}).`)
    this.status = status
    this.body = body
  }
}

/** Throws what the answer says. `who`: begins the sentence when it says nothing. */
export async function refuse(response: Response, who: string): Promise<never> {
  const body: unknown = await response.json().catch(() => ({}))
  throw new RefusedError(response.status, (body ?? {}) as Record<string, unknown>, who)
}

export interface Tagged<T> {
  /** Null when nothing has changed since the tag that was sent. */
  value: T | null
  etag: string
}

/** The value of an answer to a question that carried `etag`. */
export async function readTagged<T>(response: Response, etag: string): Promise<Tagged<T>> {
  if (response.status === 304) return { value: null, etag }
  return { value: (await response.json()) as T, etag: response.headers.get('ETag') ?? '' }
}
