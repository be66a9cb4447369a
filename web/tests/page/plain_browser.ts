// A browser that is only asked to evaluate: Playwright's own watching keeps every answer of the network in the page's memory,
// which would be measured with it.

import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

interface Answer {
  id?: number
  result?: Record<string, unknown>
  error?: { message: string }
}

class Connection {
  private readonly socket_: WebSocket
  private readonly waiting_ = new Map<number, (answer: Answer) => void>()
  private last_ = 0

  private constructor(socket: WebSocket) {
    this.socket_ = socket
    socket.addEventListener('message', ({ data }) => {
      const answer = JSON.parse(String(data)) as Answer
      if (answer.id !== undefined) this.waiting_.get(answer.id)?.(answer)
    })
  }

  static async to(url: string): Promise<Connection> {
    const socket = new WebSocket(url)
    await new Promise((open, fail) => {
      socket.addEventListener('open', open)
      socket.addEventListener('error', fail)
    })
    return new Connection(socket)
  }

  async send(method: string, params: object = {}): Promise<Record<string, unknown>> {
    const id = ++this.last_
    const answer = await new Promise<Answer>((resolve) => {
      this.waiting_.set(id, resolve)
      this.socket_.send(JSON.stringify({ id, method, params }))
    })
    this.waiting_.delete(id)
    if (answer.error) throw new Error(`${method}: ${answer.error.message}`)
    return answer.result ?? {}
  }
}

export interface PlainBrowser {
  /** The value of an expression in the page; waits for a promise. */
  evaluate: (expression: string) => Promise<unknown>
  /** Proportional share of memory of the page's and the graphics processes, in MB. */
  held_MB: () => Promise<{ renderer: number; GPU: number }>
  close: () => Promise<void>
}

async function portOf(browser: ChildProcess): Promise<string> {
  let text = ''
  for await (const part of browser.stderr ?? []) {
    text += String(part)
    const found = /ws:\/\/[\d.]+:(\d+)\//.exec(text)
    if (found) return found[1]
  }
  throw new Error(`Chromium did not start: ${text}`)
}

async function share_MB(browser: Connection): Promise<{ renderer: number; GPU: number }> {
  const { processInfo } = (await browser.send('SystemInfo.getProcessInfo')) as { processInfo: { type: string; id: number }[] }
  const held = { renderer: 0, GPU: 0 }
  for (const { type, id } of processInfo) {
    if (type !== 'renderer' && type !== 'GPU') continue
    held[type] += Math.round(Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, 'utf8'))?.[1] ?? 0) / 1000)
  }
  return held
}

export async function startPlainBrowser(url: string): Promise<PlainBrowser> {
  const profile = mkdtempSync(join(tmpdir(), 'page-'))
  const child = spawn(
    process.env.CHROMIUM ?? '/usr/bin/chromium',
    ['--headless=new', '--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--remote-debugging-port=0', `--user-data-dir=${profile}`, '--window-size=1366,768', 'about:blank'],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const port = await portOf(child)
  child.stderr?.resume()
  const list = (path: string): Promise<unknown> => fetch(`http://127.0.0.1:${port}/json${path}`).then((r) => r.json())
  const { webSocketDebuggerUrl } = (await list('/version')) as { webSocketDebuggerUrl: string }
  const pages = (await list('')) as { type: string; webSocketDebuggerUrl: string }[]
  const browser = await Connection.to(webSocketDebuggerUrl)
  const page = await Connection.to(pages.find((p) => p.type === 'page')?.webSocketDebuggerUrl ?? '')
  await page.send('Page.navigate', { url })
  // The page's own context replaces the blank one a moment later.
  for (let at: unknown = ''; at !== 'complete'; ) {
    const { result } = (await page.send('Runtime.evaluate', { expression: "location.href === 'about:blank' ? '' : document.readyState" }).catch(() => ({ result: {} }))) as { result: { value?: unknown } }
    at = result.value
  }
  return {
    evaluate: async (expression) => {
      const { result, exceptionDetails } = (await page.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true })) as { result: { value: unknown }; exceptionDetails?: { text: string } }
      if (exceptionDetails) throw new Error(exceptionDetails.text)
      return result.value
    },
    held_MB: () => share_MB(browser),
    close: async () => {
      const ended = new Promise((done) => child.once('exit', done))
      await browser.send('Browser.close')
      await ended
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
